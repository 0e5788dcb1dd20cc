package org.llavamed.learning.loop;

/** How a run ends that does not fail. */
public enum Outcome {
  /** The model is written. */
  FINISHED,
  /** It was asked to end, and has written a checkpoint where a step could be done. */
  INTERRUPTED
}
