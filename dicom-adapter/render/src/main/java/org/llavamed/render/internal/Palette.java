package org.llavamed.render.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.Set;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PixelDescription;

/**
 * A colour palette (PS3.3 C.7.6.3.1.5 and C.7.9): three lookup tables, plain or segmented.
 *
 * @param red table of red
 * @param green table of green
 * @param blue table of blue
 */
record Palette(LookupTable red, LookupTable green, LookupTable blue) {
  private static final int RED_DESCRIPTOR = 0x00281101;
  private static final int RED_DATA = 0x00281201;
  private static final int RED_SEGMENTED_DATA = 0x00281221;

  private static final int PIXEL_PRESENTATION = 0x00089205;
  private static final int ENHANCED_PALETTE_SEQUENCE = 0x0028140B;

  /** Frame type of MR, CT, X-ray 3D and PET; US Image Description Sequence. */
  private static final int[] FRAME_TYPES = {
    0x00189226, 0x00189329, 0x00189504, 0x00189751, 0x00189806
  };

  private static final int DISCRETE = 0;
  private static final int LINEAR = 1;
  private static final int INDIRECT = 2;

  /** Two for each entry that a table can have: segments may be empty, but not without end. */
  private static final int MOST_SEGMENTS = 1 << 17;

  /**
   * Reads the palette of an object.
   *
   * @throws ImagingException if a table is missing or damaged
   */
  static Palette of(FrameAttributes frame, PixelDescription d) {
    return new Palette(table(frame, d, 0), table(frame, d, 1), table(frame, d, 2));
  }

  /**
   * Returns whether some values of a grey frame stand for colours: by the Pixel Presentation
   * (0008,9205) of the frame's type, else of the object.
   */
  static boolean isSupplemental(FrameAttributes frame) {
    return frame
        .holder(FRAME_TYPES, PIXEL_PRESENTATION)
        .flatMap(a -> a.string(PIXEL_PRESENTATION))
        .filter(Set.of("COLOR", "MIXED")::contains)
        .isPresent();
  }

  /**
   * Reads the supplemental palette of a grey frame (PS3.3 C.7.6.19 and C.8.16.2.1.1.1): values from
   * the first that it maps on are colours, those below are grey.
   *
   * @throws ImagingException if a table is missing or damaged, or colours come of several frames
   */
  static Optional<Palette> supplemental(FrameAttributes frame, PixelDescription d) {
    if (!isSupplemental(frame)) {
      return Optional.empty();
    }
    if (frame.object().contains(ENHANCED_PALETTE_SEQUENCE)) {
      throw ImagingException.unsupported(
          frame.where(),
          "A picture coloured by an Enhanced Palette Color Lookup Table Sequence (0028,140B)",
          "Convert the object to RGB first");
    }
    return Optional.of(of(frame, d));
  }

  private static LookupTable table(FrameAttributes frame, PixelDescription d, int colour) {
    Attributes a = frame.object();
    int descriptor = RED_DESCRIPTOR + colour;
    int segmented = RED_SEGMENTED_DATA + colour;
    if (a.contains(RED_DATA + colour) || !a.contains(segmented)) {
      return LookupTable.read(frame.where(), a, descriptor, RED_DATA + colour, d.signed());
    }
    LookupTable.Descriptor size =
        LookupTable.Descriptor.read(frame.where(), a, descriptor, d.signed());
    ByteBuffer words = a.bytes(segmented).order(ByteOrder.LITTLE_ENDIAN);
    return LookupTable.of(size, new Segments(frame.where(), segmented, words, size).expand());
  }

  /** The segments of a segmented table (PS3.3 C.7.9.2): runs of entries, ramps, and references. */
  private static final class Segments {
    private final String where;
    private final int tag;
    private final ByteBuffer data;
    private final int width;
    private final char[] entries;
    private int filled;
    private int segments;

    Segments(String where, int tag, ByteBuffer data, LookupTable.Descriptor size) {
      this.where = where;
      this.tag = tag;
      this.data = data;
      this.width = size.bits() > Byte.SIZE ? 2 : 1;
      this.entries = new char[size.count()];
    }

    char[] expand() {
      while (filled < entries.length && data.remaining() >= 2 * width) {
        segment(true);
      }
      if (filled < entries.length) {
        throw damaged("gives %d entries, expected %d".formatted(filled, entries.length));
      }
      return entries;
    }

    private void segment(boolean references) {
      if (++segments > MOST_SEGMENTS) {
        throw damaged("has more than %d segments".formatted(MOST_SEGMENTS));
      }
      int opcode = next();
      int length = next();
      switch (opcode) {
        case DISCRETE -> {
          for (int i = 0; i < length; i++) {
            put(next());
          }
        }
        case LINEAR -> ramp(length, next());
        case INDIRECT -> {
          if (!references) {
            throw damaged("has a reference to a reference");
          }
          int offset =
              width == 1
                  ? next() | next() << 8 | next() << 16 | next() << 24
                  : next() | next() << 16;
          repeat(length, offset);
        }
        default -> throw damaged("has a segment of type %d, expected 0 to 2".formatted(opcode));
      }
    }

    private void ramp(int length, int last) {
      if (filled == 0) {
        throw damaged("begins with a linear segment, which has no start");
      }
      int start = entries[filled - 1];
      for (int i = 1; i <= length; i++) {
        put((int) Math.round(start + (double) (last - start) * i / length));
      }
    }

    private void repeat(int count, int offset) {
      int back = data.position();
      if (offset < 0 || offset >= back) {
        throw damaged("refers to byte %d, expected 0 to %d".formatted(offset, back - 1));
      }
      data.position(offset);
      for (int i = 0; i < count && filled < entries.length; i++) {
        segment(false);
      }
      data.position(back);
    }

    private void put(int entry) {
      if (filled < entries.length) {
        entries[filled++] = (char) entry;
      }
    }

    private int next() {
      if (data.remaining() < width) {
        throw damaged("ends within a segment");
      }
      return width == 1 ? data.get() & 0xFF : data.getChar();
    }

    private ImagingException damaged(String found) {
      return LookupTable.damaged(
          where, "The segmented lookup table " + LookupTable.name(tag) + " " + found);
    }
  }
}
