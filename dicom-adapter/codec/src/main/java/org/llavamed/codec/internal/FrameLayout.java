package org.llavamed.codec.internal;

import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PixelData;
import org.llavamed.imaging.PixelDescription;
import org.llavamed.imaging.SampleType;

/**
 * How the values of one frame are laid out, with every size checked against {@link #LARGEST_FRAME}
 * and the memory of the JVM before anything is allocated.
 *
 * @param where file and frame, for messages
 * @param description the Image Pixel attributes
 * @param type type of a stored value
 * @param overlayMask bits of the word that hold overlays (PS3.3 C.9.2, retired form), to be cleared
 */
record FrameLayout(String where, PixelDescription description, SampleType type, int overlayMask) {
  /** Most bytes that a decoded frame may have. */
  static final long LARGEST_FRAME = 1L << 30;

  static final String EXPORT_AGAIN = "Export the object again, it was damaged on its way";

  /** A frame takes at most this part of the memory: rendering it takes several times its size. */
  private static final int MEMORY_SHARE = 8;

  private static final int FLOAT_PIXEL_DATA = 0x7FE00008;
  private static final int DOUBLE_FLOAT_PIXEL_DATA = 0x7FE00009;

  /**
   * Reads the layout of a frame.
   *
   * @throws ImagingException if an attribute is missing or not allowed, there is no such frame, or
   *     the frame is larger than the limit
   */
  static FrameLayout of(DicomObject object, PixelData data, int index) {
    PixelDescription d = PixelDescription.of(object);
    String where = object.file() + ", frame " + index;
    if (index < 0 || index >= d.frames()) {
      throw ImagingException.damaged(
          object.file(),
          "Frame %d was asked for, the object has frames 0 to %d".formatted(index, d.frames() - 1),
          "Ask for one of these");
    }
    if (d.samples() != 1 && d.samples() != 3) {
      throw ImagingException.unsupported(
          where, d.samples() + " Samples per Pixel (0028,0002)", "Use an object with 1 or 3");
    }
    SampleType type = type(where, d, data.tag());
    FrameLayout layout = new FrameLayout(where, d, type, d.overlayMask(object.attributes()));
    layout.checkSize();
    return layout;
  }

  /** Returns the pixels of the frame. */
  int pixels() {
    return description.rows() * description.columns();
  }

  /** Returns the values of the frame. */
  int values() {
    return pixels() * description.samples();
  }

  /** Returns the bytes of the decoded frame. */
  int bytes() {
    return values() * type.bytes();
  }

  /**
   * Checks that compressed bytes can give the frame at all, before it is allocated.
   *
   * @param ratio most values that one byte can give
   * @throws ImagingException if there are too few bytes
   */
  void requireRatio(int compressed, int ratio) {
    if ((long) compressed * ratio < values()) {
      throw damaged(
          "%d bytes of compressed data cannot hold %d values (%d rows x %d columns x %d samples)"
              .formatted(
                  compressed,
                  values(),
                  description.rows(),
                  description.columns(),
                  description.samples()));
    }
  }

  /** Returns the error of a frame that cannot be what it says it is. */
  ImagingException damaged(String found) {
    return ImagingException.damaged(where, found, EXPORT_AGAIN);
  }

  private void checkSize() {
    long size =
        (long) description.rows() * description.columns() * description.samples() * type.bytes();
    long limit = Math.min(LARGEST_FRAME, Runtime.getRuntime().maxMemory() / MEMORY_SHARE);
    if (size > limit) {
      throw ImagingException.unsupported(
          where,
          "A frame of %d bytes (%d rows x %d columns x %d samples), above the limit of %d,"
              .formatted(
                  size, description.rows(), description.columns(), description.samples(), limit),
          "Tile the image, or give the JVM more memory where the limit is below 1 GiB");
    }
  }

  private static SampleType type(String where, PixelDescription d, int tag) {
    if (tag == FLOAT_PIXEL_DATA) {
      return floating(where, d, 32, SampleType.FLOAT32);
    }
    if (tag == DOUBLE_FLOAT_PIXEL_DATA) {
      return floating(where, d, 64, SampleType.FLOAT64);
    }
    return switch (d.bitsAllocated()) {
      case 1 -> SampleType.UINT8;
      case 8 -> d.signed() ? SampleType.INT8 : SampleType.UINT8;
      case 16 -> d.signed() ? SampleType.INT16 : SampleType.UINT16;
      case 32 -> d.signed() ? SampleType.INT32 : SampleType.UINT32;
      default ->
          throw ImagingException.unsupported(
              where,
              "Bits Allocated (0028,0100) of " + d.bitsAllocated(),
              "Use an object with 1, 8, 16 or 32");
    };
  }

  private static SampleType floating(String where, PixelDescription d, int bits, SampleType type) {
    if (d.bitsAllocated() != bits) {
      throw ImagingException.damaged(
          where,
          "Bits Allocated (0028,0100) is %d, expected %d for %s pixel data"
              .formatted(d.bitsAllocated(), bits, type.numpyName()),
          "Correct the header or export the object again");
    }
    return type;
  }
}
