package org.llavamed.learning.model;

import org.llavamed.checkpoint.TensorNames;

/** The parts of a model, which are trained or frozen one by one. */
public enum Part {
  /** The CLIP tower. */
  TOWER(TensorNames.VISION),
  /** The layers from the tower's width to the decoder's. */
  PROJECTOR(TensorNames.PROJECTOR),
  /** The language model, with its embedding table, its output matrix and its adapters. */
  DECODER(TensorNames.TEXT),
  /** What tells pictures apart while a tower learns; no part of the model that is written. */
  HEAD(PictureHead.NAME);

  private final String prefix;

  Part(String prefix) {
    this.prefix = prefix;
  }

  /** Returns whether a parameter is of this part. */
  boolean holds(String name) {
    return name.startsWith(prefix);
  }
}
