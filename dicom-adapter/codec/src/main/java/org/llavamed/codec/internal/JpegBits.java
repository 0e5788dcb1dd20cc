package org.llavamed.codec.internal;

/** Bits of the entropy-coded segments of a JPEG stream, byte stuffing removed (T.81 B.1.1.5). */
final class JpegBits {
  private static final int MARKER = 0xFF;
  private static final int FIRST_RESTART = 0xD0;

  private final byte[] data;
  private int position;
  private int window;
  private int count;

  /** Zero bits that were added behind the data. */
  private int added;

  JpegBits(byte[] data, int position) {
    this.data = data;
    this.position = position;
  }

  /** Returns where the next marker is looked for. */
  int position() {
    return position;
  }

  /** Returns whether more bits were read than there are. */
  boolean exhausted() {
    return count < added;
  }

  /** Reads a symbol; -1 where the bits are no code of the table. */
  int symbol(JpegHuffmanTable table) {
    fill();
    int entry = table.find(window >>> (Integer.SIZE - JpegHuffmanTable.LONGEST));
    if (entry < 0) {
      return -1;
    }
    drop(entry >> Byte.SIZE);
    return entry & 0xFF;
  }

  /** Reads {@code length} bits, 0 to 16, as an unsigned number. */
  int bits(int length) {
    if (length == 0) {
      return 0;
    }
    fill();
    int value = window >>> (Integer.SIZE - length);
    drop(length);
    return value;
  }

  /** Reads a number of {@code length} bits whose first bit is its sign (T.81 figure F.12). */
  int signed(int length) {
    int value = bits(length);
    return length > 0 && value < (1 << (length - 1)) ? value - (1 << length) + 1 : value;
  }

  /**
   * Moves behind a restart marker.
   *
   * @param number 0 to 7
   * @return whether that marker follows
   */
  boolean restart(int number) {
    window = 0;
    count = 0;
    added = 0;
    while (position + 1 < data.length
        && (data[position] & 0xFF) == MARKER
        && (data[position + 1] & 0xFF) == MARKER) {
      position++;
    }
    boolean found =
        position + 1 < data.length
            && (data[position] & 0xFF) == MARKER
            && (data[position + 1] & 0xFF) == FIRST_RESTART + number;
    position += found ? 2 : 0;
    return found;
  }

  private void drop(int length) {
    window <<= length;
    count -= length;
  }

  private void fill() {
    while (count <= Integer.SIZE - Byte.SIZE) {
      int next = 0;
      if (atMarker()) {
        added += Byte.SIZE;
      } else {
        next = data[position] & 0xFF;
        position += next == MARKER ? 2 : 1;
      }
      window |= next << (Integer.SIZE - Byte.SIZE - count);
      count += Byte.SIZE;
    }
  }

  private boolean atMarker() {
    return position >= data.length
        || ((data[position] & 0xFF) == MARKER
            && (position + 1 >= data.length || data[position + 1] != 0));
  }
}
