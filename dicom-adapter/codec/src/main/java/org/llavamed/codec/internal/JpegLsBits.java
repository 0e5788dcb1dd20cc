package org.llavamed.codec.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Bits of the entropy-coded data of a JPEG-LS scan (ITU-T T.87 A.1). The zero bit behind each byte
 * FF is removed up to the next marker at once, so that reading is a shift of the next eight bytes.
 */
final class JpegLsBits {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int MARKER = 0xFF;
  private static final int FIRST_MARKER = 0x80;
  private static final int FIRST_RESTART = 0xD0;

  /** Bits that are there wherever in its first byte the next eight bytes are entered. */
  private static final int SURE = Long.SIZE - Byte.SIZE + 1;

  private final byte[] data;
  private int position;

  /** The data up to the next marker, then zeros. */
  private final byte[] plain;

  /** Bits of that which are data. */
  private long end;

  /** First of the zeros, in bytes. */
  private int zeros;

  /** The next bit. */
  private long at;

  JpegLsBits(byte[] data, int position) {
    this.data = data;
    this.position = position;
    this.plain = new byte[data.length - position + 2 * Long.BYTES];
    unpack();
  }

  /** Returns where the next marker is. */
  int position() {
    return position;
  }

  /** Returns whether more bits were read than there are. */
  boolean exhausted() {
    return at > end;
  }

  /** Reads {@code length} bits, 0 to 32, as an unsigned number. */
  int bits(int length) {
    long next = next();
    at += length;
    return (int) (next >>> 1 >>> (Long.SIZE - 1 - length));
  }

  /**
   * Reads a number of a limited Golomb code (T.87 A.5.3).
   *
   * @param k bits that stand behind the unary part as they are, 0 to 16
   * @param most zeros of the unary part that announce an escape
   * @param escapeBits bits of the number, less one, behind an escape
   */
  int golomb(int k, int most, int escapeBits) {
    long next = next();
    int unary = Long.numberOfLeadingZeros(next);
    int length = unary + 1 + k;
    if (unary < most && length <= SURE) {
      at += length;
      return (unary << k) | (int) (next << unary << 1 >>> 1 >>> (Long.SIZE - 1 - k));
    }
    return longGolomb(k, most, escapeBits);
  }

  private int longGolomb(int k, int most, int escapeBits) {
    int unary = 0;
    while (unary < most && bits(1) == 0) {
      unary++;
    }
    if (unary < most) {
      return (unary << k) | bits(k);
    }
    bits(1);
    return bits(escapeBits) + 1;
  }

  private long next() {
    return (long) LONG.get(plain, (int) Math.min(at >>> 3, zeros)) << (at & 7);
  }

  /**
   * Moves behind a restart marker.
   *
   * @param number 0 to 7
   * @return whether that marker follows
   */
  boolean restart(int number) {
    boolean found =
        position + 1 < data.length
            && (data[position] & 0xFF) == MARKER
            && (data[position + 1] & 0xFF) == FIRST_RESTART + number;
    if (found) {
      position += 2;
      unpack();
    }
    return found;
  }

  /** Copies the data up to the next marker without the stuffed bits. */
  private void unpack() {
    long pending = 0;
    int count = 0;
    int out = 0;
    boolean stuffed = false;
    while (!atMarker()) {
      int length = stuffed ? Byte.SIZE - 1 : Byte.SIZE;
      int next = data[position] & 0xFF;
      if (!stuffed && position <= data.length - Integer.BYTES && !holdsMarker(position)) {
        length = Integer.SIZE;
        next = (int) INT.get(data, position);
      }
      position += Math.max(1, length / Byte.SIZE);
      stuffed = length <= Byte.SIZE && next == MARKER;
      pending = (pending << length) | (next & 0xFFFFFFFFL);
      count += length;
      if (count >= Integer.SIZE) {
        count -= Integer.SIZE;
        INT.set(plain, out, (int) (pending >>> count));
        out += Integer.BYTES;
      }
    }
    end = (long) out * Byte.SIZE + count;
    LONG.set(plain, out, pending << 1 << (Long.SIZE - 1 - count));
    zeros = out + Integer.BYTES;
    LONG.set(plain, zeros, 0L);
    at = 0;
  }

  private boolean holdsMarker(int offset) {
    int bytes = (int) INT.get(data, offset);
    return ((~bytes - 0x01010101) & bytes & 0x80808080) != 0;
  }

  private boolean atMarker() {
    return position >= data.length
        || ((data[position] & 0xFF) == MARKER
            && (position + 1 >= data.length || (data[position + 1] & 0xFF) >= FIRST_MARKER));
  }
}
