package org.llavamed.inference;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A picture that a model has looked at. Safe for use by several threads.
 *
 * <p>Equal requests get equal answers on one processor, draws at random included, since they state
 * their seed. Where several requests are answered at a time, probabilities may differ from those of
 * a request alone: in their last digits, by a little more where 8-bit weights read the prompts, and
 * of a model with two decoders so that tokens differ, since the decoder of the prompts may write
 * several answers.
 */
@ProviderType
public interface EncodedPicture extends AutoCloseable {
  /**
   * Answers a question. With choices, the answer is the choice of the highest probability.
   *
   * @param onText receives the text as it grows, piece by piece, on the calling thread; never a
   *     part of a character
   * @throws ModelException if the prompt does not fit the context (both numbers are named), the
   *     question or a choice names a token of the model's own, the JSON schema cannot be obeyed,
   *     too many requests are waiting, the calling thread is interrupted, or the picture or the
   *     model is closed, or the model fails
   */
  Answer answer(Query query, Consumer<String> onText);

  /**
   * Asks a question and returns at once.
   *
   * <p>The subscriber receives the text as it grows, in the pieces that {@link #answer} would give,
   * as many as it requests; pieces that it has not requested yet are kept for it, so that it slows
   * nobody down. It is called by threads of the model, by one at a time, and told of the end or of
   * the error after the last piece. One that throws is cancelled. Cancelling the subscription or
   * the future stops the work within a step.
   *
   * @return the answer, or the {@link ModelException} that {@link #answer} would throw; cancelled
   *     where the subscription is
   * @throws ModelException if the prompt does not fit the context, the question or a choice names a
   *     token of the model's own, the JSON schema cannot be obeyed, too many requests are waiting,
   *     or the picture or the model is closed
   */
  CompletableFuture<Answer> ask(Query query, Flow.Subscriber<? super String> subscriber);

  /** Frees the picture's features. */
  @Override
  void close();
}
