package org.llavamed.importer.internal;

/** The matrix [out, in] of a linear layer, memory-mapped. */
final class Matrix {
  private final Numbers numbers;
  private final int out;
  private final int in;

  Matrix(StoredTensor tensor) {
    this.numbers = new Numbers(tensor);
    this.out = Math.toIntExact(tensor.shape().get(0));
    this.in = Math.toIntExact(tensor.shape().get(1));
  }

  int out() {
    return out;
  }

  int in() {
    return in;
  }

  float at(int o, int i) {
    return numbers.at((long) o * in + i);
  }

  /**
   * Returns each output's scale: its largest magnitude divided by {@code steps}, so that weight /
   * scale lies within -steps to steps; 1 for an output whose weights are all 0.
   */
  float[] scales(int steps) {
    float[] scales = new float[out];
    for (int o = 0; o < out; o++) {
      float largest = 0;
      for (int i = 0; i < in; i++) {
        largest = Math.max(largest, Math.abs(at(o, i)));
      }
      scales[o] = largest == 0 ? 1 : largest / steps;
    }
    return scales;
  }
}
