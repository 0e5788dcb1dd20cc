package org.llavamed.learning.model;

import org.llavamed.engine.Tensor;

/** Cuts positions into heads of attention, and joins them. */
final class Heads {
  private Heads() {}

  /** Returns [B, heads, T, width / heads] of [B, T, width]. */
  static Tensor split(Tensor x, long heads) {
    return x.view(x.size(0), x.size(1), heads, -1).transpose(1, 2);
  }

  /** Returns [B, T, heads x D] of [B, heads, T, D]. */
  static Tensor join(Tensor x) {
    return x.transpose(1, 2).view(x.size(0), x.size(2), -1);
  }
}
