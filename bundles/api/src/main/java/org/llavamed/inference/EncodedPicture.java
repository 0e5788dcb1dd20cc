package org.llavamed.inference;

import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A picture that a model has looked at. Answers are greedy, hence deterministic on one processor.
 */
@ProviderType
public interface EncodedPicture extends AutoCloseable {
  /**
   * Answers a question. With choices, the answer is the choice of the highest probability.
   *
   * @param onText receives the text as it grows, piece by piece, on the calling thread; never a
   *     part of a character
   * @throws ModelException if the prompt does not fit the context (both numbers are named), or the
   *     model fails or is closed
   */
  Answer answer(Query query, Consumer<String> onText);

  /** Frees the picture's features. */
  @Override
  void close();
}
