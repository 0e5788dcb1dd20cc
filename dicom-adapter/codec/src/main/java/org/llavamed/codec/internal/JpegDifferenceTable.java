package org.llavamed.codec.internal;

/**
 * A Huffman table of lossless JPEG, its codes looked up together with the bits of the difference
 * that follow them (ITU-T T.81 H.1.2.2).
 */
final class JpegDifferenceTable {
  /** Bits of an entry that hold the number of bits read. */
  static final int LENGTH_BITS = 8;

  /** Mask of these. */
  static final int LENGTH = (1 << LENGTH_BITS) - 1;

  /** The difference of this category is 32768 and has no further bits. */
  private static final int LARGEST_CATEGORY = 16;

  private static final int FAST_BITS = 12;

  private final JpegHuffmanTable codes;

  /** Entries by the next {@link #FAST_BITS} bits; 0 where code and difference are longer. */
  private final int[] fast = new int[1 << FAST_BITS];

  JpegDifferenceTable(JpegHuffmanTable codes) {
    this.codes = codes;
    for (int i = 0; i < fast.length; i++) {
      int entry = entry((long) i << (Long.SIZE - FAST_BITS));
      fast[i] = (entry & LENGTH) <= FAST_BITS ? entry : 0;
    }
  }

  /**
   * Looks a difference up.
   *
   * @param window the next 32 bits, left-aligned
   * @return the difference times 256 plus the number of bits it takes; 0 where there is none
   */
  int find(long window) {
    int entry = fast[(int) (window >>> (Long.SIZE - FAST_BITS))];
    return entry != 0 ? entry : entry(window);
  }

  private int entry(long window) {
    int code = codes.find((int) (window >>> (Long.SIZE - JpegHuffmanTable.LONGEST)));
    int category = code & 0xFF;
    if (code < 0 || category > LARGEST_CATEGORY) {
      return 0;
    }
    int length = code >> Byte.SIZE;
    if (category == LARGEST_CATEGORY) {
      return (1 << (category - 1) << LENGTH_BITS) | length;
    }
    int bits = (int) (window << length >>> 1 >>> (Long.SIZE - 1 - category));
    boolean negative = category > 0 && bits >> (category - 1) == 0;
    int difference = negative ? bits - (1 << category) + 1 : bits;
    return (difference << LENGTH_BITS) | (length + category);
  }
}
