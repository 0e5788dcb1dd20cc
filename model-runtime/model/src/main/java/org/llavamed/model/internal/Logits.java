package org.llavamed.model.internal;

import java.nio.FloatBuffer;

/** The unnormalised logarithms of the probabilities of all tokens. Immutable. */
final class Logits {
  private final float[] values;
  private final double logSum;

  private Logits(float[] values) {
    this.values = values;
    double most = values[argmax()];
    double sum = 0;
    for (float value : values) {
      sum += Math.exp(value - most);
    }
    this.logSum = most + Math.log(sum);
  }

  static Logits copyOf(FloatBuffer buffer) {
    float[] values = new float[buffer.capacity()];
    buffer.get(0, values);
    return new Logits(values);
  }

  /** Returns the values of all tokens, read-only. */
  FloatBuffer values() {
    return FloatBuffer.wrap(values).asReadOnlyBuffer();
  }

  /** Returns whether the model computed numbers at all. */
  boolean finite() {
    return Double.isFinite(logSum);
  }

  /** Returns the likeliest token, the first of equals. */
  int argmax() {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }

  /** Returns the value of a token. */
  float value(int token) {
    return values[token];
  }

  /** Returns the natural logarithm of a token's probability. */
  double logProbability(int token) {
    return values[token] - logSum;
  }
}
