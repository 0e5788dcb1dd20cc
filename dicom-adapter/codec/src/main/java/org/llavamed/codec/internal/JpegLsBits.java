package org.llavamed.codec.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Bits of the entropy-coded data of a JPEG-LS scan; a bit is stuffed behind each byte FF. */
final class JpegLsBits {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final int MARKER = 0xFF;
  private static final int FIRST_MARKER = 0x80;
  private static final int FIRST_RESTART = 0xD0;

  private final byte[] data;
  private int position;

  /** Whether the byte before the position was FF, so that the next one has seven bits. */
  private boolean stuffed;

  /** The next bits, left-aligned; zero behind {@link #count}. */
  private long window;

  private int count;

  /** Zero bits that were added behind the data. */
  private int added;

  JpegLsBits(byte[] data, int position) {
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

  /** Reads {@code length} bits, 0 to 32, as an unsigned number. */
  int bits(int length) {
    fill();
    int value = (int) (window >>> 1 >>> (Long.SIZE - 1 - length));
    drop(length);
    return value;
  }

  /**
   * Reads a number of a limited Golomb code (T.87 A.5.3).
   *
   * @param k bits that stand behind the unary part as they are, 0 to 16
   * @param most zeros of the unary part that announce an escape
   * @param escapeBits bits of the number, less one, behind an escape
   */
  int golomb(int k, int most, int escapeBits) {
    fill();
    int zeros = Long.numberOfLeadingZeros(window);
    int length = zeros + 1 + k;
    if (zeros < most && length < count) {
      long low = window << zeros << 1;
      drop(length);
      return (zeros << k) | (int) (low >>> 1 >>> (Long.SIZE - 1 - k));
    }
    return longGolomb(k, most, escapeBits);
  }

  private int longGolomb(int k, int most, int escapeBits) {
    int zeros = 0;
    while (zeros < most && bits(1) == 0) {
      zeros++;
    }
    if (zeros < most) {
      return (zeros << k) | bits(k);
    }
    bits(1);
    return bits(escapeBits) + 1;
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
    stuffed = false;
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
    if (!stuffed && position <= data.length - Integer.BYTES) {
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
      if (atMarker()) {
        added += Byte.SIZE;
        count += Byte.SIZE;
      } else {
        int bits = stuffed ? Byte.SIZE - 1 : Byte.SIZE;
        long next = data[position++] & 0xFF;
        window |= next << (Long.SIZE - bits - count);
        count += bits;
        stuffed = next == MARKER;
      }
    }
  }

  private boolean atMarker() {
    return position >= data.length
        || ((data[position] & 0xFF) == MARKER
            && (position + 1 >= data.length || (data[position + 1] & 0xFF) >= FIRST_MARKER));
  }
}
