package org.llavamed.inference;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A model folder, open to be looked at in numbers: what its graphs give for tensors and tokens,
 * without preparation, tokenizer and template. Calls wait for each other.
 */
@ProviderType
public interface ModelInspection extends AutoCloseable {
  /**
   * Returns what the vision tower and the projector make of a picture.
   *
   * @param pixels shape [3, side, side], row-major, channels R, G, B, normalised
   * @return shape [positions, hidden], row-major, read-only
   * @throws IllegalArgumentException if {@code pixels} holds another count of numbers
   * @throws ModelException if the model has no vision tower, or fails
   */
  FloatBuffer imageFeatures(FloatBuffer pixels);

  /**
   * Reads a sequence: its first tokens by prefill, each later one by a decode step of its own, over
   * one key-value cache, as an answer is made.
   *
   * @param tokens all of the sequence, start token included; each picture token takes the next row
   *     of {@code imageFeatures}
   * @param imageFeatures of the picture, as {@link #imageFeatures} returns them; where absent, no
   *     token is taken for a picture's
   * @param prompt tokens that prefill reads, 1 to the number of tokens
   * @return the logits after the prompt's last token and after every later one, each of shape
   *     [vocabulary], read-only: {@code tokens.size() - prompt + 1} of them
   * @throws IllegalArgumentException if a token is not of the vocabulary, the number of picture
   *     tokens is not that of the rows, or {@code prompt} is out of range
   * @throws ModelException if the sequence does not fit the context, or the model fails
   */
  List<FloatBuffer> logits(List<Integer> tokens, Optional<FloatBuffer> imageFeatures, int prompt);

  /** Frees the sessions. Closing twice does nothing. */
  @Override
  void close();
}
