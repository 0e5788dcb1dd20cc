package org.llavamed.codec.internal;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The tables that a JPEG stream has defined so far (ITU-T T.81 B.2.4.1 and B.2.4.2). */
final class JpegTables {
  private static final int MOST = 4;

  private final int[][] quantisation = new int[MOST][];
  private final @Nullable JpegHuffmanTable[] dc = new JpegHuffmanTable[MOST];
  private final @Nullable JpegHuffmanTable[] ac = new JpegHuffmanTable[MOST];

  /** Reads a segment of quantisation tables. */
  void quantisation(ByteBuffer body) {
    while (body.hasRemaining()) {
      int head = u8(body);
      int[] steps = new int[JpegComponent.BLOCK];
      for (int i = 0; i < JpegComponent.BLOCK; i++) {
        steps[JpegScan.NATURAL[i]] = head >> 4 == 0 ? u8(body) : body.getShort() & 0xFFFF;
      }
      quantisation[number(head & 15)] = steps;
    }
  }

  /** Reads a segment of Huffman tables. */
  void huffman(ByteBuffer body) {
    while (body.hasRemaining()) {
      int head = u8(body);
      int[] counts = new int[JpegHuffmanTable.LONGEST];
      int total = 0;
      for (int i = 0; i < counts.length; i++) {
        counts[i] = u8(body);
        total += counts[i];
      }
      byte[] symbols = new byte[Math.min(total, body.remaining() + 1)];
      body.get(symbols);
      (head >> 4 == 0 ? dc : ac)[number(head & 15)] = new JpegHuffmanTable(counts, symbols);
    }
  }

  /**
   * Returns quantisation steps in natural order.
   *
   * @throws IllegalArgumentException if the table was not defined
   */
  int[] steps(int number) {
    int[] steps = quantisation[number];
    if (steps == null) {
      throw new IllegalArgumentException("quantisation table " + number + " is missing");
    }
    return steps;
  }

  @Nullable JpegHuffmanTable dc(int number) {
    return dc[number(number)];
  }

  @Nullable JpegHuffmanTable ac(int number) {
    return ac[number(number)];
  }

  /**
   * Checks the number of a table.
   *
   * @throws IllegalArgumentException if it is above 3
   */
  static int number(int number) {
    if (number >= MOST) {
      throw new IllegalArgumentException("table " + number + ", expected 0 to 3");
    }
    return number;
  }

  /** Reads an unsigned byte. */
  static int u8(ByteBuffer body) {
    return body.get() & 0xFF;
  }
}
