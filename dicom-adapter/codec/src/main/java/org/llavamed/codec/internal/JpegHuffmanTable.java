package org.llavamed.codec.internal;

/** A Huffman table of a JPEG stream (ITU-T T.81 annex C and F.2.2.3), ready for decoding. */
final class JpegHuffmanTable {
  /** Longest code, in bits. */
  static final int LONGEST = 16;

  private static final int FAST_BITS = 9;

  private final byte[] symbols;

  /** By the next {@link #FAST_BITS} bits: length of the code times 256 plus symbol; 0 if longer. */
  private final short[] fast = new short[1 << FAST_BITS];

  /** By length: the first code that is too large, left-aligned to {@link #LONGEST} bits. */
  private final int[] limit = new int[LONGEST + 1];

  /** By length: index of a symbol minus its code. */
  private final int[] offset = new int[LONGEST + 1];

  /**
   * Makes a table.
   *
   * @param counts number of codes of each length; index 0 is length 1
   * @param symbols the symbols, by ascending code
   * @throws IllegalArgumentException if there are more codes than their lengths allow
   */
  JpegHuffmanTable(int[] counts, byte[] symbols) {
    this.symbols = symbols.clone();
    int code = 0;
    int index = 0;
    for (int length = 1; length <= LONGEST; length++) {
      offset[length] = index - code;
      for (int i = 0; i < counts[length - 1]; i++, code++, index++) {
        if (code >= 1 << length) {
          throw new IllegalArgumentException("more codes of " + length + " bits than fit");
        }
        enter(code, length, symbols[index]);
      }
      limit[length] = code << (LONGEST - length);
      code <<= 1;
    }
  }

  private void enter(int code, int length, byte symbol) {
    if (length <= FAST_BITS) {
      int first = code << (FAST_BITS - length);
      for (int i = 0; i < 1 << (FAST_BITS - length); i++) {
        fast[first + i] = (short) ((length << Byte.SIZE) | (symbol & 0xFF));
      }
    }
  }

  /**
   * Looks a code up.
   *
   * @param bits the next {@link #LONGEST} bits
   * @return length of the code times 256 plus symbol; negative where there is no such code
   */
  int find(int bits) {
    int entry = fast[bits >>> (LONGEST - FAST_BITS)];
    if (entry != 0) {
      return entry;
    }
    for (int length = FAST_BITS + 1; length <= LONGEST; length++) {
      if (bits < limit[length]) {
        int index = offset[length] + (bits >>> (LONGEST - length));
        return (length << Byte.SIZE) | (symbols[index] & 0xFF);
      }
    }
    return -1;
  }
}
