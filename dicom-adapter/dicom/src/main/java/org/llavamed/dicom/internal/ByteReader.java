package org.llavamed.dicom.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads numbers and blocks from a source, one after the other, through a small window. The caller
 * checks {@link #remaining} first.
 */
public final class ByteReader {
  private static final int WINDOW = 1 << 14;

  /** The first window behind a leap: often only a header is read there before the next leap. */
  private static final int SMALL_WINDOW = 1 << 8;

  private final ByteSource source;
  private ByteBuffer window = ByteBuffer.allocate(0);
  private long windowStart;
  private int nextWindow = WINDOW;
  private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

  /** Makes a reader at the start of a source. */
  public ByteReader(ByteSource source) {
    this.source = source;
  }

  /** Sets the order of the numbers that are read from now on. */
  public void order(ByteOrder newOrder) {
    order = newOrder;
    window.order(newOrder);
  }

  /** Returns the number of bytes of the source. */
  public long size() {
    return source.size();
  }

  /** Returns the offset of the next byte. */
  public long position() {
    return windowStart + window.position();
  }

  /** Returns the bytes from the position to the end of the source. */
  public long remaining() {
    return source.size() - position();
  }

  /** Moves to an offset within the source. */
  public void seek(long offset) {
    if (offset >= windowStart && offset <= windowStart + window.limit()) {
      window.position((int) (offset - windowStart));
    } else {
      windowStart = offset;
      window = ByteBuffer.allocate(0);
      nextWindow = SMALL_WINDOW;
    }
  }

  /** Returns the next byte, unsigned. */
  public int u8() throws IOException {
    require(1);
    return window.get() & 0xFF;
  }

  /** Returns the next 16-bit number, unsigned. */
  public int u16() throws IOException {
    require(2);
    return window.getShort() & 0xFFFF;
  }

  /** Returns the next 32-bit number, unsigned. */
  public long u32() throws IOException {
    require(4);
    return window.getInt() & 0xFFFFFFFFL;
  }

  /** Returns the next tag: group, then element. */
  public int tag() throws IOException {
    int group = u16();
    return group << 16 | u16();
  }

  /** Returns the next bytes. */
  public byte[] take(int length) throws IOException {
    byte[] bytes = new byte[length];
    int buffered = Math.min(length, window.remaining());
    window.get(bytes, 0, buffered);
    if (buffered < length) {
      long from = position();
      if (length - buffered < WINDOW) {
        require(length - buffered);
        window.get(bytes, buffered, length - buffered);
      } else {
        source.read(from, ByteBuffer.wrap(bytes, buffered, length - buffered));
        seek(from + length - buffered);
      }
    }
    return bytes;
  }

  private void require(int count) throws IOException {
    if (window.remaining() >= count) {
      return;
    }
    long from = position();
    int size = (int) Math.max(count, Math.min(nextWindow, source.size() - from));
    nextWindow = Math.min(WINDOW, 4 * nextWindow);
    ByteBuffer next = ByteBuffer.allocate(size).order(order);
    source.read(from, next);
    windowStart = from;
    window = next.flip().order(order);
  }
}
