package org.llavamed.model.internal;

import java.nio.FloatBuffer;

/** What the vision tower made of one picture. Two looks at the same picture are two features. */
final class Features {
  private final FloatBuffer rows;

  /**
   * Takes over the rows.
   *
   * @param rows shape [positions, hidden], outside of the Java heap
   */
  Features(FloatBuffer rows) {
    this.rows = rows.asReadOnlyBuffer();
  }

  /** Returns a read-only view with a position of its own, shape [positions, hidden]. */
  FloatBuffer rows() {
    return rows.duplicate();
  }
}
