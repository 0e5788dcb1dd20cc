package org.llavamed.model.internal;

import java.nio.FloatBuffer;
import org.llavamed.inference.ModelException;

/** The unnormalised logarithms of the probabilities of all tokens. */
final class Logits {
  /** Numbers that far below the largest change the logarithm of a sum by less than 1e-13 each. */
  private static final double NEGLIGIBLE = -30;

  private Logits() {}

  /**
   * Returns what is taken from a logit to make it the logarithm of a probability.
   *
   * @param logits [vocabulary], read from index 0
   * @throws ModelException if the model computed no numbers
   */
  static double logSum(FloatBuffer logits) {
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < logits.limit(); i++) {
      most = Math.max(most, logits.get(i));
    }
    double sum = 0;
    for (int i = 0; i < logits.limit(); i++) {
      double below = logits.get(i) - most;
      sum += below < NEGLIGIBLE ? 0 : Math.exp(below);
    }
    double logSum = most + Math.log(sum);
    if (!Double.isFinite(logSum)) {
      throw ModelException.invalid(
          "model",
          "its numbers overflow (a logit is not finite)",
          "Import the checkpoint with --precision fp32");
    }
    return logSum;
  }
}
