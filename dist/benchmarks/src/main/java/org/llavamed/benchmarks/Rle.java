package org.llavamed.benchmarks;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes RLE frames (PS3.5 annex G) for the benchmarks to read. */
final class Rle {
  private static final int HEADER = 64;
  private static final int LONGEST_RUN = 128;

  private Rle() {}

  /** Encodes 16-bit values: one segment of their upper bytes, one of their lower bytes. */
  static ByteBuffer encode(short[] values) {
    byte[] upper = segment(values, 8);
    byte[] lower = segment(values, 0);
    ByteBuffer frame =
        ByteBuffer.allocate(HEADER + upper.length + lower.length).order(ByteOrder.LITTLE_ENDIAN);
    frame.putInt(2).putInt(HEADER).putInt(HEADER + upper.length).position(HEADER);
    return frame.put(upper).put(lower).flip();
  }

  private static byte[] segment(short[] values, int shift) {
    var out = new ByteArrayOutputStream(values.length);
    for (int at = 0; at < values.length; ) {
      int run = run(values, shift, at);
      out.write(run > 1 ? 1 - run : 0);
      out.write(values[at] >> shift);
      at += run;
    }
    if (out.size() % 2 != 0) {
      out.write(0);
    }
    return out.toByteArray();
  }

  private static int run(short[] values, int shift, int at) {
    int run = 1;
    while (run < LONGEST_RUN
        && at + run < values.length
        && (byte) (values[at + run] >> shift) == (byte) (values[at] >> shift)) {
      run++;
    }
    return run;
  }
}
