package org.llavamed.learning.model;

import org.llavamed.engine.Tensor;

/** Where the numbers of a new model come from. */
interface Weights {
  /** What a parameter is for, which says how it begins where it is not read. */
  enum Kind {
    /** A matrix or a table. */
    MATRIX,
    /** The matrix that reads the pixels of a patch. */
    PATCHES,
    /** The table of a tower's positions. */
    POSITIONS,
    /** The last matrix of what a block adds to the residual stream. */
    RESIDUAL,
    /** The scale of a normalisation. */
    SCALE,
    /** A bias. */
    BIAS
  }

  /**
   * Makes a parameter, as 32-bit floating point, whether it is trained or not: a model of 7 billion
   * parameters takes 28 GB in each process, before gradients and the optimiser's state.
   *
   * @param name as Hugging Face's LLaVA names it
   */
  Tensor get(String name, Kind kind, long... shape);

  /** Returns whether there is a parameter of this name. */
  boolean has(String name);
}
