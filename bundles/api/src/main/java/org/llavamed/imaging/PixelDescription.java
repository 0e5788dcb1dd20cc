package org.llavamed.imaging;

import java.util.OptionalInt;

/**
 * The Image Pixel attributes (PS3.3 C.7.6.3) that say how stored values are laid out.
 *
 * @param rows height, in pixels, at least 1
 * @param columns width, in pixels, at least 1
 * @param frames Number of Frames, at least 1
 * @param samples Samples per Pixel, 1 to 4
 * @param photometric Photometric Interpretation, as in the object
 * @param bitsAllocated Bits Allocated, 1 to 64; which of them can be decoded the decoder says
 * @param bitsStored 1 to {@code bitsAllocated}
 * @param highBit High Bit, as in the object; Bits Stored - 1 where absent
 * @param signed whether Pixel Representation is 1
 * @param planar whether Planar Configuration is 1: colour by plane
 */
public record PixelDescription(
    int rows,
    int columns,
    int frames,
    int samples,
    String photometric,
    int bitsAllocated,
    int bitsStored,
    int highBit,
    boolean signed,
    boolean planar) {

  private static final int SAMPLES_PER_PIXEL = 0x00280002;
  private static final int PHOTOMETRIC_INTERPRETATION = 0x00280004;
  private static final int PLANAR_CONFIGURATION = 0x00280006;
  private static final int NUMBER_OF_FRAMES = 0x00280008;
  private static final int ROWS = 0x00280010;
  private static final int COLUMNS = 0x00280011;
  private static final int BITS_ALLOCATED = 0x00280100;
  private static final int BITS_STORED = 0x00280101;
  private static final int HIGH_BIT = 0x00280102;
  private static final int PIXEL_REPRESENTATION = 0x00280103;
  private static final int FIRST_OVERLAY_GROUP = 0x60000000;
  private static final int OVERLAY_GROUPS = 16;
  private static final int OVERLAY_BITS_ALLOCATED = 0x0100;
  private static final int OVERLAY_BIT_POSITION = 0x0102;
  private static final int OVERLAY_DATA = 0x3000;

  /**
   * Reads the description of an object.
   *
   * @throws ImagingException if a required attribute is missing or its value is not allowed
   */
  public static PixelDescription of(DicomObject object) {
    Attributes a = object.attributes();
    int bitsAllocated = require(object, BITS_ALLOCATED, "Bits Allocated (0028,0100)", 1, 64);
    int bitsStored = a.integer(BITS_STORED).orElse(bitsAllocated);
    if (bitsStored < 1 || bitsStored > bitsAllocated) {
      throw ImagingException.damaged(
          object.file(),
          "Bits Stored (0028,0101) is %d with Bits Allocated %d"
              .formatted(bitsStored, bitsAllocated),
          "Correct the header or export the object again");
    }
    return new PixelDescription(
        require(object, ROWS, "Rows (0028,0010)", 1, 65535),
        require(object, COLUMNS, "Columns (0028,0011)", 1, 65535),
        Math.max(1, a.integer(NUMBER_OF_FRAMES).orElse(1)),
        require(object, SAMPLES_PER_PIXEL, "Samples per Pixel (0028,0002)", 1, 4),
        a.string(PHOTOMETRIC_INTERPRETATION).orElse("MONOCHROME2"),
        bitsAllocated,
        bitsStored,
        a.integer(HIGH_BIT).orElse(bitsStored - 1),
        a.integer(PIXEL_REPRESENTATION).orElse(0) == 1,
        a.integer(PLANAR_CONFIGURATION).orElse(0) == 1);
  }

  /**
   * Returns the unused bits of a pixel that hold overlays (PS3.3 C.9.2, a retired form), as a mask:
   * those of overlays that name the bits allocated of the pixels and have no data of their own.
   *
   * @param a the object's attributes
   */
  public int overlayMask(Attributes a) {
    int mask = 0;
    for (int i = 0; i < OVERLAY_GROUPS; i++) {
      int group = FIRST_OVERLAY_GROUP + (i << 17);
      int bits = a.integer(group | OVERLAY_BITS_ALLOCATED).orElse(1);
      int position = a.integer(group | OVERLAY_BIT_POSITION).orElse(-1);
      boolean embedded = bits > 1 && bits == bitsAllocated && !a.contains(group | OVERLAY_DATA);
      boolean unused = position > highBit || position <= highBit - bitsStored;
      if (embedded && unused && position >= 0 && position < Math.min(bits, Integer.SIZE)) {
        mask |= 1 << position;
      }
    }
    return mask;
  }

  private static int require(DicomObject object, int tag, String name, int least, int most) {
    OptionalInt value = object.attributes().integer(tag);
    if (value.isEmpty() || value.getAsInt() < least || value.getAsInt() > most) {
      throw ImagingException.damaged(
          object.file(),
          "%s is %s, expected %d to %d"
              .formatted(name, value.isPresent() ? value.getAsInt() : "missing", least, most),
          "Correct the header or export the object again");
    }
    return value.getAsInt();
  }
}
