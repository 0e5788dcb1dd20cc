package org.llavamed.codec.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.StoredFrame;

/**
 * RLE Lossless (PS3.5 annex G): one segment a byte of each sample, most significant first, each
 * packed by the PackBits scheme.
 */
final class RleFrames {
  private static final int HEADER_BYTES = 64;
  private static final int MOST_SEGMENTS = 15;

  /** A run of 128 takes 2 bytes. */
  private static final int MOST_VALUES_A_BYTE = 64;

  private RleFrames() {}

  /**
   * Decodes a frame.
   *
   * @throws ImagingException if the header does not fit the image or a segment is too short
   */
  static StoredFrame decode(FrameLayout layout, ByteBuffer frame) {
    ByteBuffer rle = frame.slice().order(ByteOrder.LITTLE_ENDIAN);
    boolean packed = layout.description().bitsAllocated() == 1;
    int samples = layout.description().samples();
    int bytesPerSample = packed ? 1 : layout.type().bytes();
    int[] bounds = segments(layout, rle, samples * bytesPerSample);
    layout.requireRatio(
        rle.remaining(), packed ? MOST_VALUES_A_BYTE * Byte.SIZE : MOST_VALUES_A_BYTE);
    int length = packed ? (layout.values() + Byte.SIZE - 1) / Byte.SIZE : layout.pixels();
    byte[] values = new byte[length * samples * bytesPerSample];
    byte[] segment = new byte[length];
    for (int i = 0; i < samples * bytesPerSample; i++) {
      unpack(layout, rle.slice(bounds[i], bounds[i + 1] - bounds[i]), segment, i);
      int sample = i / bytesPerSample;
      int significance = bytesPerSample - 1 - i % bytesPerSample;
      int out = sample * bytesPerSample + significance;
      for (int pixel = 0; pixel < length; pixel++, out += samples * bytesPerSample) {
        values[out] = segment[pixel];
      }
    }
    ByteBuffer words = ByteBuffer.wrap(values);
    return packed ? NativeFrames.decode(layout, words) : StoredValues.of(layout, words);
  }

  /** Returns where each segment begins, and the end of the last. */
  private static int[] segments(FrameLayout layout, ByteBuffer rle, int expected) {
    if (rle.remaining() < HEADER_BYTES) {
      throw layout.damaged(
          "The RLE frame has %d bytes, expected at least the %d of its header"
              .formatted(rle.remaining(), HEADER_BYTES));
    }
    int count = rle.getInt(0);
    if (count != expected || count > MOST_SEGMENTS) {
      throw layout.damaged(
          "The RLE header names %d segments, expected %d = samples x bytes of each"
              .formatted(Integer.toUnsignedLong(count), expected));
    }
    int[] bounds = new int[count + 1];
    bounds[count] = rle.limit();
    int least = HEADER_BYTES;
    for (int i = 0; i < count; i++) {
      bounds[i] = rle.getInt(Integer.BYTES * (i + 1));
      if (bounds[i] < least || bounds[i] > rle.limit()) {
        throw layout.damaged(
            "RLE segment %d begins at %d, expected %d to %d"
                .formatted(i, Integer.toUnsignedLong(bounds[i]), least, rle.limit()));
      }
      least = bounds[i];
    }
    return bounds;
  }

  private static void unpack(FrameLayout layout, ByteBuffer packed, byte[] segment, int number) {
    int out = 0;
    while (out < segment.length && packed.hasRemaining()) {
      int control = packed.get();
      int wanted = control >= 0 ? control + 1 : 1 - control;
      int length = Math.min(wanted, segment.length - out);
      if (control >= 0) {
        length = Math.min(length, packed.remaining());
        packed.get(segment, out, length);
        out += length;
      } else if (control != Byte.MIN_VALUE && packed.hasRemaining()) {
        Arrays.fill(segment, out, out + length, packed.get());
        out += length;
      }
    }
    if (out < segment.length) {
      throw layout.damaged(
          "RLE segment %d unpacks to %d bytes, expected %d".formatted(number, out, segment.length));
    }
  }
}
