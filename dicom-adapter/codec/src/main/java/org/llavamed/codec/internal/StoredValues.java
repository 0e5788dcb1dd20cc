package org.llavamed.codec.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import org.llavamed.imaging.PixelDescription;
import org.llavamed.imaging.StoredFrame;

/**
 * The last step of every decoder: words to stored values. Overlay bits are cleared, bits below the
 * stored ones shifted out, and the sign extended from Bits Stored. Unsigned values keep what stands
 * above Bits Stored.
 */
final class StoredValues {
  private StoredValues() {}

  /**
   * Makes a frame.
   *
   * @param words shape [rows, columns, samples], little endian; not copied where nothing changes
   */
  static StoredFrame of(FrameLayout layout, ByteBuffer words) {
    PixelDescription d = layout.description();
    ByteBuffer values = needsChange(layout) ? changed(layout, words) : words;
    return new StoredFrame(d.rows(), d.columns(), d.samples(), layout.type(), values);
  }

  private static boolean needsChange(FrameLayout layout) {
    return switch (layout.type()) {
      case FLOAT32, FLOAT64 -> false;
      default ->
          layout.overlayMask() != 0
              || lowBits(layout.description()) > 0
              || signBits(layout.description()) > 0;
    };
  }

  /** Returns how many unused bits stand below the stored ones. */
  private static int lowBits(PixelDescription d) {
    return d.highBit() < d.bitsAllocated() ? Math.max(0, d.highBit() + 1 - d.bitsStored()) : 0;
  }

  /** Returns how many bits above Bits Stored take the sign; none for unsigned values. */
  private static int signBits(PixelDescription d) {
    return d.signed() ? d.bitsAllocated() - d.bitsStored() : 0;
  }

  private static ByteBuffer changed(FrameLayout layout, ByteBuffer words) {
    ByteBuffer source = words.slice().order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer target = ByteBuffer.allocate(layout.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    int keep = ~layout.overlayMask();
    int low = lowBits(layout.description());
    boolean signed = layout.description().signed();
    int up = signed ? Integer.SIZE - layout.description().bitsStored() : 0;
    switch (layout.type().bytes()) {
      case 1 -> {
        for (int i = 0; i < layout.values(); i++) {
          target.put(i, (byte) change(source.get(i) & 0xFF, keep, low, up));
        }
      }
      case 2 -> {
        ShortBuffer from = source.asShortBuffer();
        ShortBuffer to = target.asShortBuffer();
        for (int i = 0; i < layout.values(); i++) {
          to.put(i, (short) change(from.get(i) & 0xFFFF, keep, low, up));
        }
      }
      default -> {
        IntBuffer from = source.asIntBuffer();
        IntBuffer to = target.asIntBuffer();
        for (int i = 0; i < layout.values(); i++) {
          to.put(i, change(from.get(i), keep, low, up));
        }
      }
    }
    return target;
  }

  private static int change(int word, int keep, int low, int up) {
    return (((word & keep) >>> low) << up) >> up;
  }
}
