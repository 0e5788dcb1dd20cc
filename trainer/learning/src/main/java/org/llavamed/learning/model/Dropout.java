package org.llavamed.learning.model;

import org.llavamed.engine.Attention;
import org.llavamed.engine.Tensor;

/** A share of numbers that is set to zero while a model is trained, and only then. */
final class Dropout {
  private final double share;
  private boolean active;

  Dropout(double share) {
    this.share = share;
  }

  /** Says whether the model is trained just now. */
  void activate(boolean now) {
    active = now;
  }

  Tensor of(Tensor x) {
    return active ? x.dropout(share) : x;
  }

  Attention of(Attention attention) {
    return active ? attention.withDropout(share) : attention;
  }
}
