package org.llavamed.model.internal;

import java.nio.FloatBuffer;

/** What the vision tower made of one picture. Two looks at the same picture are two features. */
final class Features {
  /** There is no picture. */
  static final Features NONE = new Features(FloatBuffer.allocate(0));

  private final FloatBuffer rows;

  /**
   * Takes over the rows.
   *
   * @param rows shape [positions, hidden], copied to no other place
   */
  Features(FloatBuffer rows) {
    this.rows = rows.asReadOnlyBuffer();
  }

  /** Returns whether there is a picture at all. */
  boolean ofPicture() {
    return rows.capacity() > 0;
  }

  /** Returns a read-only view with a position of its own, shape [positions, hidden]. */
  FloatBuffer rows() {
    return rows.duplicate();
  }
}
