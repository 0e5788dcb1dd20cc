package org.llavamed.codec.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.StoredFrame;

/**
 * RLE Lossless (PS3.5 annex G): one segment a byte of each sample, most significant first, each row
 * packed by itself as G.3.1 asks.
 */
final class RleEncoder {
  private static final int HEADER_BYTES = 64;
  private static final int MOST_SEGMENTS = 15;
  private static final int MOST = 128;

  private RleEncoder() {}

  /**
   * Compresses a frame.
   *
   * @throws ImagingException if a pixel has more than 15 bytes
   */
  static byte[] encode(StoredFrame frame) {
    int width = frame.type().bytes();
    int step = frame.samples() * width;
    if (step > MOST_SEGMENTS) {
      throw ImagingException.unsupported(
          "frame encoder",
          "RLE Lossless of %d bytes a pixel".formatted(step),
          "Give values of fewer bytes, 15 a pixel at most");
    }
    byte[] values = new byte[frame.values().remaining()];
    frame.values().get(values);
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(step);
    ByteArrayOutputStream segments = new ByteArrayOutputStream();
    byte[] row = new byte[frame.columns()];
    for (int segment = 0; segment < step; segment++) {
      header.putInt(HEADER_BYTES + segments.size());
      int in = segment / width * width + width - 1 - segment % width;
      for (int y = 0; y < frame.rows(); y++) {
        for (int x = 0; x < row.length; x++, in += step) {
          row[x] = values[in];
        }
        pack(row, segments);
      }
      if (segments.size() % 2 != 0) {
        segments.write(0);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(header.array());
    out.writeBytes(segments.toByteArray());
    return out.toByteArray();
  }

  /** Packs a row: runs of three or more, or of two where no literal is open, else literals. */
  private static void pack(byte[] row, ByteArrayOutputStream out) {
    int literal = 0;
    int at = 0;
    while (at < row.length) {
      int run = run(row, at);
      if (run > 2 || (run == 2 && literal == at)) {
        literals(row, literal, at, out);
        out.write(1 - run);
        out.write(row[at]);
        at += run;
        literal = at;
      } else {
        at += run;
      }
    }
    literals(row, literal, at, out);
  }

  private static int run(byte[] row, int from) {
    int end = from + 1;
    while (end < row.length && end - from < MOST && row[end] == row[from]) {
      end++;
    }
    return end - from;
  }

  private static void literals(byte[] row, int from, int end, ByteArrayOutputStream out) {
    for (int at = from; at < end; at += MOST) {
      int count = Math.min(MOST, end - at);
      out.write(count - 1);
      out.write(row, at, count);
    }
  }
}
