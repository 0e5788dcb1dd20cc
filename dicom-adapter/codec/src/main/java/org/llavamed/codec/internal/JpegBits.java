package org.llavamed.codec.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Bits of the entropy-coded segments of a JPEG stream, byte stuffing removed (T.81 B.1.1.5). */
final class JpegBits {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final int MARKER = 0xFF;
  private static final int FIRST_RESTART = 0xD0;

  private final byte[] data;
  private int position;

  /** The next bits, left-aligned; zero behind {@link #count}. */
  private long window;

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
    int entry = table.find((int) (window >>> (Long.SIZE - JpegHuffmanTable.LONGEST)));
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
    int value = (int) (window >>> (Long.SIZE - length));
    drop(length);
    return value;
  }

  /** Reads a number of {@code length} bits whose first bit is its sign (T.81 figure F.12). */
  int signed(int length) {
    int value = bits(length);
    return length > 0 && value < (1 << (length - 1)) ? value - (1 << length) + 1 : value;
  }

  /**
   * Reads the differences of lossless coding (T.81 H.1.2.2) until the row is full.
   *
   * @param tables table of each component of the scan, in turn
   * @param row set to the differences, -32767 to 32768
   * @return whether every code was one of its table
   */
  boolean differences(JpegDifferenceTable[] tables, int[] row) {
    int table = 0;
    for (int i = 0; i < row.length; i++) {
      fill();
      int entry = tables[table].find(window);
      if (entry == 0) {
        return false;
      }
      drop(entry & JpegDifferenceTable.LENGTH);
      row[i] = entry >> JpegDifferenceTable.LENGTH_BITS;
      table = table + 1 == tables.length ? 0 : table + 1;
    }
    return true;
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

  /** Brings at least 32 bits into the window. */
  private void fill() {
    if (count >= Integer.SIZE) {
      return;
    }
    if (position <= data.length - Integer.BYTES) {
      int next = (int) INT.get(data, position);
      if (((~next - 0x01010101) & next & 0x80808080) == 0) {
        window |= (next & 0xFFFFFFFFL) << (Integer.SIZE - count);
        count += Integer.SIZE;
        position += Integer.BYTES;
        return;
      }
    }
    fillBytes();
  }

  private void fillBytes() {
    while (count <= Long.SIZE - Byte.SIZE) {
      long next = 0;
      if (atMarker()) {
        added += Byte.SIZE;
      } else {
        next = data[position] & 0xFF;
        position += next == MARKER ? 2 : 1;
      }
      window |= next << (Long.SIZE - Byte.SIZE - count);
      count += Byte.SIZE;
    }
  }

  private boolean atMarker() {
    return position >= data.length
        || ((data[position] & 0xFF) == MARKER
            && (position + 1 >= data.length || data[position + 1] != 0));
  }
}
