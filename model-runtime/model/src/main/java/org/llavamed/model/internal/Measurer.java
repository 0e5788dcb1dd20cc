package org.llavamed.model.internal;

import org.llavamed.inference.Diagnosis.Measurement;

/** Runs graphs of a model folder for a moment, to find out how fast they are. */
interface Measurer {
  /** Measures a graph of the language model. */
  Measurement decoder(String graph);

  /** Measures a vision tower. */
  Measurement vision(String graph);
}
