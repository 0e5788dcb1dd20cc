package org.llavamed.inference;

/** How weights are stored. */
public enum Precision {
  /** 32-bit floating point. */
  FP32,
  /** 16-bit floating point, weights and activations. */
  FP16,
  /** 8-bit whole numbers, one scale a channel; activations quantised with one scale a token. */
  INT8,
  /** 4-bit whole numbers in blocks with one scale each. */
  INT4
}
