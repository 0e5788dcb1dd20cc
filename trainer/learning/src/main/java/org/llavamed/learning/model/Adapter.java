package org.llavamed.learning.model;

import org.llavamed.engine.Tensor;

/**
 * A low-rank adapter: what it adds to a linear layer is B A x, scaled.
 *
 * @param down the matrix A, [rank, in]
 * @param up the matrix B, [out, rank]; begins with zeros
 * @param scale alpha / rank
 * @param dropout of the input
 */
record Adapter(Tensor down, Tensor up, double scale, Dropout dropout) {
  Tensor of(Tensor x) {
    Tensor narrow = dropout.of(x).linear(down); // [..., R]
    return narrow.linear(up).times(scale); //      [..., out]
  }

  /** Returns what it adds to the layer's matrix, [out, in]. */
  Tensor matrix() {
    return up.matmul(down).times(scale);
  }
}
