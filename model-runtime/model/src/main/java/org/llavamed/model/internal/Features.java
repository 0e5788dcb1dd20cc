package org.llavamed.model.internal;

import java.nio.FloatBuffer;
import java.util.concurrent.atomic.AtomicLong;

/** What the vision tower made of one picture. Immutable; each has an identity of its own. */
final class Features {
  private static final AtomicLong NEXT = new AtomicLong();

  /** There is no picture. */
  static final Features NONE = new Features(FloatBuffer.allocate(0));

  private final long identity = NEXT.getAndIncrement();
  private final FloatBuffer rows;

  /**
   * Takes over the rows.
   *
   * @param rows shape [positions, hidden]
   */
  Features(FloatBuffer rows) {
    this.rows = rows.asReadOnlyBuffer();
  }

  /** Returns a number that no other features of this process have. */
  long identity() {
    return identity;
  }

  /** Returns whether there is a picture at all. */
  boolean ofPicture() {
    return rows.capacity() > 0;
  }

  /** Returns a read-only view with a position of its own, shape [positions, hidden]. */
  FloatBuffer rows() {
    return rows.duplicate();
  }

  /** Returns the memory that the rows take. */
  long bytes() {
    return (long) rows.capacity() * Float.BYTES;
  }
}
