package org.llavamed.dicom.internal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Bytes that can be read from any position: a file, or what was inflated from one. */
public interface ByteSource {
  /** Returns the number of bytes. */
  long size();

  /**
   * Fills what remains of a buffer.
   *
   * @throws java.io.EOFException if the source ends before
   */
  void read(long offset, ByteBuffer target) throws IOException;

  /** Work that reads several times. */
  @FunctionalInterface
  interface Reading<T> {
    /** Does the work with a source that is open meanwhile. */
    T of(ByteSource open) throws IOException;
  }

  /** Does work that reads several times, for which a file is opened once. */
  default <T> T reading(Reading<T> work) throws IOException {
    return work.of(this);
  }

  /**
   * Returns a part, read-only; without a copy where the bytes are in memory.
   *
   * @throws java.io.EOFException if the source ends before
   */
  default ByteBuffer slice(long offset, int length) throws IOException {
    ByteBuffer part = ByteBuffer.allocate(length);
    read(offset, part);
    return part.flip().asReadOnlyBuffer();
  }
}
