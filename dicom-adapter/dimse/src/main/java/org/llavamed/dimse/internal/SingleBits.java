package org.llavamed.dimse.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Packs values of one bit, the first in the lowest bit of a byte. Frames follow each other without
 * a gap, within a byte too (PS3.5 sections 8.1.1 and 8.2).
 */
final class SingleBits {
  private final OutputStream out;
  private int packed;
  private int count;

  SingleBits(OutputStream out) {
    this.out = out;
  }

  /** Returns the bytes that a number of values takes. */
  static long bytes(long values) {
    return (values + Byte.SIZE - 1) / Byte.SIZE;
  }

  /** Writes values, a byte each; what does not fill a byte waits for those that follow. */
  void write(ByteBuffer values) throws IOException {
    byte[] bytes = new byte[(count + values.remaining()) / Byte.SIZE];
    int done = 0;
    while (values.hasRemaining()) {
      packed |= (values.get() & 1) << count;
      count++;
      if (count == Byte.SIZE) {
        bytes[done++] = (byte) packed;
        packed = 0;
        count = 0;
      }
    }
    out.write(bytes);
  }

  /** Writes the byte that is not full, where there is one. */
  void end() throws IOException {
    if (count > 0) {
      out.write(packed);
    }
  }
}
