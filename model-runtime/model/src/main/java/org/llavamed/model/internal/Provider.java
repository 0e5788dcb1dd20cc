package org.llavamed.model.internal;

/** What the configuration asks to run the graphs on. */
enum Provider {
  /** CUDA where it can be used, else the CPU. */
  AUTO,
  /** The CPU, whatever else there is. */
  CPU,
  /** CUDA, or an error that says why it cannot be used. */
  CUDA
}
