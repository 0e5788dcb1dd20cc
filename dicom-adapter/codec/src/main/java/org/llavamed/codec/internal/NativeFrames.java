package org.llavamed.codec.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PixelData;
import org.llavamed.imaging.PixelDescription;
import org.llavamed.imaging.StoredFrame;

/**
 * Frames that are not compressed (PS3.5 section 8.1 and annex D): any byte order, single bits that
 * run on across frames, colour by pixel or by plane, 4:2:2 chroma.
 */
final class NativeFrames {
  private static final int BITS_PER_SUBSAMPLED_PIXEL = 16;

  private NativeFrames() {}

  /**
   * Decodes a frame of native pixel data.
   *
   * @throws ImagingException if the pixel data is shorter than rows, columns and frames ask for
   */
  static StoredFrame decode(FrameLayout layout, PixelData data, int index) {
    PixelDescription d = layout.description();
    boolean subsampled = !holds(layout, data.length(), fullBits(layout)) && subsampled(layout);
    long bits = subsampled ? (long) layout.pixels() * BITS_PER_SUBSAMPLED_PIXEL : fullBits(layout);
    if (!holds(layout, data.length(), bits)) {
      throw layout.damaged(
          ("Pixel Data holds %d bytes, expected %.0f = %d frames x %d rows x %d columns"
                  + " x %s bits")
              .formatted(
                  data.length(),
                  Math.ceil((double) bits * d.frames() / Byte.SIZE),
                  d.frames(),
                  d.rows(),
                  d.columns(),
                  bits / layout.pixels()));
    }
    long first = index * bits;
    ByteBuffer words = bytes(layout, data, first, bits);
    return unpack(layout, words, (int) (first % Byte.SIZE), subsampled);
  }

  /** Decodes a native frame that stands alone in its fragments. */
  static StoredFrame decode(FrameLayout layout, ByteBuffer frame) {
    boolean subsampled =
        (long) frame.remaining() * Byte.SIZE < fullBits(layout) && subsampled(layout);
    long bits = subsampled ? (long) layout.pixels() * BITS_PER_SUBSAMPLED_PIXEL : fullBits(layout);
    long expected = (bits + Byte.SIZE - 1) / Byte.SIZE;
    if (frame.remaining() < expected) {
      throw layout.damaged(
          "The frame holds %d bytes, expected %d".formatted(frame.remaining(), expected));
    }
    return unpack(layout, frame.slice().limit((int) expected), 0, subsampled);
  }

  /**
   * Returns the bits of a frame whose chroma is not subsampled: rows x columns x samples x Bits
   * Allocated.
   */
  static long fullBits(FrameLayout layout) {
    return (long) layout.values() * layout.description().bitsAllocated();
  }

  private static boolean holds(FrameLayout layout, long bytes, long bitsPerFrame) {
    return bytes * Byte.SIZE / bitsPerFrame >= layout.description().frames();
  }

  /**
   * Returns whether two pixels share their chroma: Y1, Y2, Cb, Cr (PS3.3 C.7.6.3.1.2). Asked only
   * where the data is too short for full chroma: writers that decompress JPEG often keep the name.
   *
   * @throws ImagingException if the object cannot have such chroma
   */
  private static boolean subsampled(FrameLayout layout) {
    PixelDescription d = layout.description();
    return switch (d.photometric()) {
      case "YBR_FULL_422", "YBR_PARTIAL_422" -> {
        if (d.bitsAllocated() != Byte.SIZE || d.samples() != 3 || d.columns() % 2 != 0) {
          throw layout.damaged(
              ("%s has %d bits allocated, %d samples and %d columns, expected 8 bits, 3 samples"
                      + " and an even number of columns")
                  .formatted(d.photometric(), d.bitsAllocated(), d.samples(), d.columns()));
        }
        yield true;
      }
      case "YBR_PARTIAL_420" ->
          throw ImagingException.unsupported(
              layout.where(),
              "Native pixel data of photometric interpretation YBR_PARTIAL_420",
              "Convert it to RGB first");
      default -> false;
    };
  }

  /** Reads the bytes that hold the frame's bits and brings them to little endian order. */
  private static ByteBuffer bytes(FrameLayout layout, PixelData data, long first, long bits) {
    long start = first / Byte.SIZE;
    long end = (first + bits + Byte.SIZE - 1) / Byte.SIZE;
    if (data.byteOrder() == ByteOrder.LITTLE_ENDIAN) {
      return data.slice(start, (int) (end - start));
    }
    int width = Math.max(1, layout.description().bitsAllocated() / Byte.SIZE);
    if (width > 1) {
      return reversed(data.slice(start, (int) (end - start)), width);
    }
    if (!data.vr().equals("OW")) {
      return data.slice(start, (int) (end - start));
    }
    long evenStart = start & ~1L;
    long evenEnd = Math.min(data.length(), end + (end & 1));
    ByteBuffer swapped = reversed(data.slice(evenStart, (int) (evenEnd - evenStart)), 2);
    return swapped.slice((int) (start - evenStart), (int) (end - start));
  }

  private static ByteBuffer reversed(ByteBuffer bytes, int width) {
    byte[] result = new byte[bytes.remaining()];
    bytes.get(bytes.position(), result);
    for (int word = 0; word + width <= result.length; word += width) {
      for (int low = word, high = word + width - 1; low < high; low++, high--) {
        byte b = result[low];
        result[low] = result[high];
        result[high] = b;
      }
    }
    return ByteBuffer.wrap(result);
  }

  private static StoredFrame unpack(
      FrameLayout layout, ByteBuffer words, int bitOffset, boolean subsampled) {
    PixelDescription d = layout.description();
    if (d.bitsAllocated() == 1) {
      return new StoredFrame(
          d.rows(), d.columns(), d.samples(), layout.type(), bits(layout, words, bitOffset));
    }
    if (subsampled) {
      return StoredValues.of(layout, fullChroma(layout, words));
    }
    return StoredValues.of(layout, d.planar() && d.samples() > 1 ? pixels(layout, words) : words);
  }

  /** Single bits, the first pixel in the lowest bit (PS3.5 section 8.1.1), to bytes of 0 or 1. */
  private static ByteBuffer bits(FrameLayout layout, ByteBuffer packed, int bitOffset) {
    byte[] values = new byte[layout.values()];
    for (int i = 0; i < values.length; i++) {
      int bit = bitOffset + i;
      values[i] = (byte) ((packed.get(packed.position() + (bit >> 3)) >> (bit & 7)) & 1);
    }
    return ByteBuffer.wrap(values);
  }

  /** Y1, Y2, Cb, Cr to Y1, Cb, Cr, Y2, Cb, Cr. */
  private static ByteBuffer fullChroma(FrameLayout layout, ByteBuffer words) {
    byte[] from = new byte[2 * layout.pixels()];
    words.get(words.position(), from);
    byte[] to = new byte[3 * layout.pixels()];
    for (int in = 0, out = 0; in < from.length; in += 4, out += 6) {
      to[out] = from[in];
      to[out + 3] = from[in + 1];
      to[out + 1] = to[out + 4] = from[in + 2];
      to[out + 2] = to[out + 5] = from[in + 3];
    }
    return ByteBuffer.wrap(to);
  }

  /** Colour by plane to colour by pixel. */
  private static ByteBuffer pixels(FrameLayout layout, ByteBuffer planes) {
    int samples = layout.description().samples();
    int width = layout.type().bytes();
    byte[] from = new byte[layout.bytes()];
    planes.get(planes.position(), from);
    byte[] to = new byte[from.length];
    int in = 0;
    for (int sample = 0; sample < samples; sample++) {
      for (int pixel = 0; pixel < layout.pixels(); pixel++) {
        int out = (pixel * samples + sample) * width;
        for (int b = 0; b < width; b++) {
          to[out + b] = from[in++];
        }
      }
    }
    return ByteBuffer.wrap(to);
  }
}
