package org.llavamed.codec.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * How a component is coded (COD and COC of ITU-T T.800 annex A.6).
 *
 * @param levels of the wavelet transform, 0 to 32
 * @param blockWidth exponent of the width of a code-block
 * @param blockHeight exponent of its height
 * @param precincts exponents of width (low 4 bits) and height of each resolution, lowest first;
 *     empty where they are as large as can be
 */
record J2kCoding(int levels, int blockWidth, int blockHeight, List<Integer> precincts) {
  private static final int MOST_LEVELS = 32;
  private static final int MOST_BLOCK = 10;
  private static final int MOST_BLOCK_SUM = 12;
  private static final int LARGEST_PRECINCT = 15;

  /** Bytes that a decoder holds for a sample: integers, and floating-point numbers beside them. */
  private static final int SAMPLE_MEMORY = 12;

  private static final int BLOCK_MEMORY = 160;
  private static final int LAYER_MEMORY = 20;

  /**
   * What a component of a tile takes.
   *
   * @param packets each has at least one byte in the stream
   * @param memory in bytes, at most
   */
  record Cost(long packets, long memory) {}

  /**
   * Reads the parameters that COD and COC share.
   *
   * @throws IllegalArgumentException if one is out of its range
   * @throws java.nio.BufferUnderflowException if some are missing
   */
  static J2kCoding read(int style, ByteBuffer body) {
    int levels = body.get() & 0xFF;
    int width = (body.get() & 0xFF) + 2;
    int height = (body.get() & 0xFF) + 2;
    body.getShort();
    if (levels > MOST_LEVELS
        || width > MOST_BLOCK
        || height > MOST_BLOCK
        || width + height > MOST_BLOCK_SUM) {
      throw new IllegalArgumentException(
          "%d levels, code-blocks of 2^%d x 2^%d".formatted(levels, width, height));
    }
    List<Integer> precincts = new ArrayList<>();
    for (int r = 0; (style & 1) != 0 && r <= levels; r++) {
      int precinct = body.get() & 0xFF;
      if (r > 0 && ((precinct & 15) == 0 || precinct < 16)) {
        throw new IllegalArgumentException("a precinct of one sample");
      }
      precincts.add(precinct);
    }
    return new J2kCoding(levels, width, height, List.copyOf(precincts));
  }

  /** Returns what a tile costs, at most. */
  Cost cost(J2kTiles.Area tile, int layers) {
    long packets = 0;
    long blocks = 0;
    for (int r = 0; r <= levels; r++) {
      J2kTiles.Area area = tile.reduced(levels - r);
      int precinct =
          precincts.isEmpty() ? LARGEST_PRECINCT << 4 | LARGEST_PRECINCT : precincts.get(r);
      long across = parts(area.left(), area.right(), precinct & 15);
      long down = parts(area.top(), area.bottom(), precinct >> 4);
      packets += across * down * layers;
      int half = r == 0 ? 0 : 1;
      blocks +=
          (half == 0 ? 1 : 3)
              * blocks(area.right() - area.left(), across, half, blockWidth, precinct & 15)
              * blocks(area.bottom() - area.top(), down, half, blockHeight, precinct >> 4);
    }
    long samples = (long) (tile.right() - tile.left()) * (tile.bottom() - tile.top());
    return new Cost(
        packets, samples * SAMPLE_MEMORY + blocks * (BLOCK_MEMORY + (long) LAYER_MEMORY * layers));
  }

  private static long parts(int first, int last, int exponent) {
    return last > first ? ((last + (1L << exponent) - 1) >> exponent) - (first >> exponent) : 0;
  }

  /** Returns the most code-blocks along one side of a sub-band. */
  private static long blocks(int side, long precincts, int half, int block, int precinct) {
    return ((side >> half) >> Math.min(block, precinct - half)) + precincts + 1;
  }
}
