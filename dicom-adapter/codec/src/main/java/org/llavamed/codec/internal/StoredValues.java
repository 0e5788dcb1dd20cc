package org.llavamed.codec.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.Set;
import org.llavamed.imaging.PixelDescription;
import org.llavamed.imaging.SampleType;
import org.llavamed.imaging.StoredFrame;

/**
 * The last step of every decoder: words to stored values. Overlay bits are cleared, bits below the
 * stored ones shifted out, and the sign extended from Bits Stored. Unsigned values keep what stands
 * above Bits Stored.
 */
final class StoredValues {
  private StoredValues() {}

  /**
   * What is done to a word, in this order.
   *
   * @param keep bits that are not cleared
   * @param low unused bits below the stored ones
   * @param up unused bits of an int above the stored ones that take the sign; 0 for unsigned values
   */
  private record Change(int keep, int low, int up) {
    boolean isNone(PixelDescription d) {
      return keep == ALL && low == 0 && (!d.signed() || d.bitsAllocated() == d.bitsStored());
    }

    int of(int word) {
      return (((word & keep) >>> low) << up) >> up;
    }
  }

  private static final int ALL = -1;
  private static final Set<SampleType> FLOATING = Set.of(SampleType.FLOAT32, SampleType.FLOAT64);

  /**
   * Makes a frame of words that are Bits Allocated wide.
   *
   * @param words shape [rows, columns, samples], little endian; not copied where nothing changes
   */
  static StoredFrame of(FrameLayout layout, ByteBuffer words) {
    return of(layout, words, layout.description().bitsAllocated());
  }

  /**
   * Makes a frame of what a codec gave.
   *
   * @param words as above
   * @param precision bits of a value in the codestream: no more than Bits Stored leave nothing
   *     below the stored bits, whatever High Bit says, and no overlay
   */
  static StoredFrame of(FrameLayout layout, ByteBuffer words, int precision) {
    PixelDescription d = layout.description();
    boolean plain = precision <= d.bitsStored();
    Change change =
        new Change(
            plain ? ALL : ~layout.overlayMask(),
            plain ? 0 : lowBits(d),
            d.signed() ? Integer.SIZE - d.bitsStored() : 0);
    boolean asIs = FLOATING.contains(layout.type()) || change.isNone(d);
    return new StoredFrame(
        d.rows(),
        d.columns(),
        d.samples(),
        layout.type(),
        asIs ? words : changed(layout, words, change));
  }

  /** Returns how many unused bits stand below the stored ones. */
  private static int lowBits(PixelDescription d) {
    return d.highBit() < d.bitsAllocated() ? Math.max(0, d.highBit() + 1 - d.bitsStored()) : 0;
  }

  private static ByteBuffer changed(FrameLayout layout, ByteBuffer words, Change change) {
    ByteBuffer source = words.slice().order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer target = ByteBuffer.allocate(layout.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    switch (layout.type().bytes()) {
      case 1 -> {
        for (int i = 0; i < layout.values(); i++) {
          target.put(i, (byte) change.of(source.get(i) & 0xFF));
        }
      }
      case 2 -> {
        ShortBuffer from = source.asShortBuffer();
        ShortBuffer to = target.asShortBuffer();
        for (int i = 0; i < layout.values(); i++) {
          to.put(i, (short) change.of(from.get(i) & 0xFFFF));
        }
      }
      default -> {
        IntBuffer from = source.asIntBuffer();
        IntBuffer to = target.asIntBuffer();
        for (int i = 0; i < layout.values(); i++) {
          to.put(i, change.of(from.get(i)));
        }
      }
    }
    return target;
  }
}
