package org.llavamed.contract;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.llavamed.imaging.PixelData;

/**
 * Pixel data in memory.
 *
 * @param frames compressed frames, or one buffer with all native ones
 */
public record FakePixelData(
    int tag, String vr, ByteOrder byteOrder, boolean encapsulated, List<ByteBuffer> frames)
    implements PixelData {
  public static final int PIXEL_DATA = 0x7FE00010;

  /** Native 16-bit words or bytes, little endian. */
  public static FakePixelData littleEndian(int... values) {
    byte[] bytes = bytes(values);
    return new FakePixelData(
        PIXEL_DATA, "OW", ByteOrder.LITTLE_ENDIAN, false, List.of(ByteBuffer.wrap(bytes)));
  }

  /** Native values, big endian. */
  public static FakePixelData bigEndian(String vr, int... values) {
    byte[] bytes = bytes(values);
    return new FakePixelData(
        PIXEL_DATA, vr, ByteOrder.BIG_ENDIAN, false, List.of(ByteBuffer.wrap(bytes)));
  }

  /** One compressed frame. */
  public static FakePixelData compressed(byte... bytes) {
    return new FakePixelData(
        PIXEL_DATA, "OB", ByteOrder.LITTLE_ENDIAN, true, List.of(ByteBuffer.wrap(bytes)));
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  @Override
  public long length() {
    return frames.stream().mapToLong(ByteBuffer::remaining).sum();
  }

  @Override
  public ByteBuffer slice(long offset, int length) {
    return frames.get(0).slice((int) offset, length).asReadOnlyBuffer();
  }

  @Override
  public ByteBuffer frame(int index) {
    return frames.get(index).asReadOnlyBuffer();
  }

  @Override
  public ByteBuffer stream(long offset, int length) {
    return frames.get(0).slice((int) offset, length).asReadOnlyBuffer();
  }
}
