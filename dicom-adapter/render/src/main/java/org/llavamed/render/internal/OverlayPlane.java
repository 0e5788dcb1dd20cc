package org.llavamed.render.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PixelData;
import org.llavamed.imaging.PixelDescription;

/**
 * An overlay of one frame (PS3.3 C.9.2): bits in their own data, or, in the retired form, in bits
 * of the pixels that hold no value.
 *
 * @param group 6000 to 601E
 * @param left column of the picture that its first column lies on, from 0; may lie outside
 * @param top row of the picture that its first row lies on
 * @param columns its width
 * @param rows its height
 * @param bits little endian; bit {@code first + stride x (row x columns + column)} tells of a pixel
 * @param first bit of the first pixel
 * @param stride bits from pixel to pixel
 */
record OverlayPlane(
    int group, int left, int top, int columns, int rows, ByteBuffer bits, long first, int stride) {
  private static final int FIRST_GROUP = 0x6000;
  private static final int LAST_GROUP = 0x601E;
  private static final int ROWS = 0x0010;
  private static final int COLUMNS = 0x0011;
  private static final int NUMBER_OF_FRAMES = 0x0015;
  private static final int ORIGIN = 0x0050;
  private static final int IMAGE_FRAME_ORIGIN = 0x0051;
  private static final int BITS_ALLOCATED = 0x0100;
  private static final int BIT_POSITION = 0x0102;
  private static final int DATA = 0x3000;

  private static final String ADVICE = "Correct the header, or render without overlays";

  /**
   * Returns the overlays of a frame, with their own data or within the pixels.
   *
   * @param index frame, from 0
   * @throws ImagingException if an overlay is damaged, or lies in pixels that are compressed
   */
  static List<OverlayPlane> of(DicomObject object, PixelDescription d, int index) {
    return groups().flatMap(group -> of(object, d, index, group).stream()).toList();
  }

  /** As {@link #of(DicomObject, PixelDescription, int)}, the overlay of one group. */
  static Optional<OverlayPlane> of(DicomObject object, PixelDescription d, int index, int group) {
    Attributes a = object.attributes();
    if (a.contains(tag(group, DATA))) {
      return separate(object, group, index);
    }
    boolean within = a.integer(tag(group, BITS_ALLOCATED)).orElse(1) > 1;
    return within ? Optional.of(embedded(object, d, group, index)) : Optional.empty();
  }

  /**
   * Returns the overlays that have data of their own.
   *
   * @param index frame, from 0
   */
  static List<OverlayPlane> ofData(DicomObject object, int index) {
    return groups()
        .filter(group -> object.attributes().contains(tag(group, DATA)))
        .flatMap(group -> separate(object, group, index).stream())
        .toList();
  }

  private static Stream<Integer> groups() {
    return IntStream.iterate(FIRST_GROUP, group -> group <= LAST_GROUP, group -> group + 2).boxed();
  }

  private static Optional<OverlayPlane> separate(DicomObject object, int group, int index) {
    Attributes a = object.attributes();
    int rows = size(object, tag(group, ROWS), "Overlay Rows");
    int columns = size(object, tag(group, COLUMNS), "Overlay Columns");
    boolean all = !a.contains(tag(group, NUMBER_OF_FRAMES));
    int frames = a.integer(tag(group, NUMBER_OF_FRAMES)).orElse(1);
    int frame = all ? 0 : index + 1 - a.integer(tag(group, IMAGE_FRAME_ORIGIN)).orElse(1);
    if (frame < 0 || frame >= frames) {
      return Optional.empty();
    }
    ByteBuffer data = a.bytes(tag(group, DATA)).order(ByteOrder.LITTLE_ENDIAN).slice();
    long bits = (long) rows * columns * frames;
    if (data.remaining() * 8L < bits) {
      throw damaged(
          object,
          "Overlay Data %s holds %d bits, expected %d = %d frames x %d rows x %d columns"
              .formatted(name(group, DATA), data.remaining() * 8L, bits, frames, rows, columns));
    }
    int[] corner = corner(a, group);
    return Optional.of(
        new OverlayPlane(
            group, corner[0], corner[1], columns, rows, data, (long) frame * rows * columns, 1));
  }

  private static OverlayPlane embedded(
      DicomObject object, PixelDescription d, int group, int index) {
    int allocated = object.attributes().integer(tag(group, BITS_ALLOCATED)).orElse(0);
    int position = object.attributes().integer(tag(group, BIT_POSITION)).orElse(-1);
    if (allocated != d.bitsAllocated() || d.samples() != 1 || allocated % Byte.SIZE != 0) {
      throw damaged(
          object,
          "Overlay Bits Allocated %s is %d, expected the pixels' %d, of whole bytes and one sample"
              .formatted(name(group, BITS_ALLOCATED), allocated, d.bitsAllocated()));
    }
    boolean unused = position > d.highBit() || position <= d.highBit() - d.bitsStored();
    if (position < 0 || position >= allocated || !unused) {
      throw damaged(
          object,
          "Overlay Bit Position %s is %d, expected a bit that the pixels do not use"
              .formatted(name(group, BIT_POSITION), position));
    }
    int[] corner = corner(object.attributes(), group);
    ByteBuffer words = words(object, d, index);
    return new OverlayPlane(
        group, corner[0], corner[1], d.columns(), d.rows(), words, position, allocated);
  }

  private static ByteBuffer words(DicomObject object, PixelDescription d, int index) {
    PixelData data = object.pixelData().orElse(null);
    if (data == null || data.encapsulated()) {
      throw ImagingException.unsupported(
          object.file(), "An overlay within compressed pixels", "Render without overlays");
    }
    int width = d.bitsAllocated() / Byte.SIZE;
    int length = d.rows() * d.columns() * width;
    ByteBuffer words = data.slice((long) index * length, length).slice();
    if (data.byteOrder() == ByteOrder.LITTLE_ENDIAN || width == 1) {
      return words;
    }
    byte[] swapped = new byte[length];
    for (int i = 0; i < length; i++) {
      swapped[i] = words.get(i / width * width + (width - 1 - i % width));
    }
    return ByteBuffer.wrap(swapped);
  }

  /** Draws the bits that are set. */
  void draw(Raster raster, int value) {
    for (int y = Math.max(0, -top); y < rows && y + top < raster.height(); y++) {
      for (int x = Math.max(0, -left); x < columns && x + left < raster.width(); x++) {
        long bit = first + (long) stride * ((long) y * columns + x);
        if ((bits.get((int) (bit >> 3)) >> (bit & 7) & 1) != 0) {
          raster.set(x + left, y + top, value);
        }
      }
    }
  }

  private static int[] corner(Attributes a, int group) {
    List<Double> origin = a.numbers(tag(group, ORIGIN));
    return origin.size() < 2
        ? new int[] {0, 0}
        : new int[] {origin.get(1).shortValue() - 1, origin.get(0).shortValue() - 1};
  }

  private static int size(DicomObject object, int tag, String name) {
    int size = object.attributes().integer(tag).orElse(0);
    if (size < 1 || size > Character.MAX_VALUE) {
      throw damaged(
          object, "%s %s is %d, expected 1 to 65535".formatted(name, LookupTable.name(tag), size));
    }
    return size;
  }

  private static int tag(int group, int element) {
    return group << Short.SIZE | element;
  }

  private static String name(int group, int element) {
    return LookupTable.name(tag(group, element));
  }

  private static ImagingException damaged(DicomObject object, String found) {
    return ImagingException.damaged(object.file(), found, ADVICE);
  }
}
