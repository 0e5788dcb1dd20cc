package org.llavamed.render.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.util.List;
import java.util.Optional;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.ImagingException;

/**
 * A lookup table (PS3.3 C.11.1.1, C.11.2.1.1, C.7.6.3.1.5).
 *
 * @param first stored value that the first entry belongs to; values below take that entry, values
 *     above the last entry the last
 * @param bits bits of an entry
 * @param entries the table, unsigned
 */
record LookupTable(int first, int bits, CharBuffer entries) {
  private static final int LUT_DESCRIPTOR = 0x00283002;
  private static final int LUT_DATA = 0x00283006;
  private static final int MOST_ENTRIES = 65536;
  private static final int SIGNED_LIMIT = 32768;

  /**
   * Reads the table of the first item of a sequence: Modality, VOI or Presentation LUT Sequence. An
   * item without any value is no table.
   *
   * @param signed whether the first value is signed
   * @throws ImagingException as of {@link #read}
   */
  static Optional<LookupTable> first(String where, Attributes a, int sequence, boolean signed) {
    return a.items(sequence).stream()
        .limit(1)
        .filter(
            item -> !item.numbers(LUT_DESCRIPTOR).isEmpty() || item.bytes(LUT_DATA).hasRemaining())
        .map(item -> read(where, item, LUT_DESCRIPTOR, LUT_DATA, signed))
        .findFirst();
  }

  /**
   * Reads a table.
   *
   * @param descriptorTag attribute with number of entries (0 is 65536), first value and bits
   * @param dataTag attribute with the entries, of 16 bits or of 8 bits each
   * @param signed whether the first value is signed
   * @throws ImagingException if the descriptor is not allowed or there are too few entries
   */
  static LookupTable read(
      String where, Attributes a, int descriptorTag, int dataTag, boolean signed) {
    Descriptor d = Descriptor.read(where, a, descriptorTag, signed);
    ByteBuffer data = a.bytes(dataTag).order(ByteOrder.LITTLE_ENDIAN);
    char[] entries = new char[d.count()];
    if (data.remaining() >= 2 * d.count()) {
      data.asCharBuffer().get(entries);
    } else if (data.remaining() >= d.count() && d.bits() <= Byte.SIZE) {
      for (int i = 0; i < entries.length; i++) {
        entries[i] = (char) (data.get(data.position() + i) & 0xFF);
      }
    } else {
      throw damaged(
          where,
          "The lookup table %s holds %d bytes, expected %d entries"
              .formatted(name(dataTag), data.remaining(), d.count()));
    }
    return of(d, entries);
  }

  /**
   * Makes a table. Entries of a table that claims more than 8 bits but uses at most 8 are taken as
   * 8 bits, those that exceed the bits claimed as 16.
   */
  static LookupTable of(Descriptor d, char[] entries) {
    int most = 0;
    for (char entry : entries) {
      most = Math.max(most, entry);
    }
    int bits = d.bits();
    if (most >> bits != 0) {
      bits = Character.SIZE;
    } else if (bits > Byte.SIZE && most > 1 && most >> Byte.SIZE == 0) {
      bits = Byte.SIZE;
    }
    return new LookupTable(d.first(), bits, CharBuffer.wrap(entries).asReadOnlyBuffer());
  }

  /** Returns the entry of a value. */
  int entry(int value) {
    long index = (long) value - first;
    return entries.get((int) Math.max(0, Math.min(entries.limit() - 1L, index)));
  }

  /** Returns the entry of a value, scaled to 0 to 255. */
  double scaled(int value) {
    return entry(value) * 255.0 / ((1 << bits) - 1);
  }

  /** Returns the entry of an index, scaled to 0 to 255 and rounded. */
  int colour(double index) {
    return (int) (scaled((int) index) + 0.5);
  }

  /**
   * A table's descriptor.
   *
   * @param count number of entries, 1 to 65536
   * @param first value that the first entry belongs to
   * @param bits bits of an entry, 1 to 16
   */
  record Descriptor(int count, int first, int bits) {
    static Descriptor read(String where, Attributes a, int tag, boolean signed) {
      List<Double> values = a.numbers(tag);
      if (values.size() < 3) {
        throw damaged(
            where,
            "The lookup table descriptor %s has %d values, expected 3"
                .formatted(name(tag), values.size()));
      }
      int count = values.get(0).intValue() & 0xFFFF;
      int first = values.get(1).intValue();
      int bits = values.get(2).intValue();
      if (bits < 1 || bits > Character.SIZE) {
        throw damaged(
            where,
            "The lookup table descriptor %s asks for entries of %d bits, expected 8 to 16"
                .formatted(name(tag), bits));
      }
      return new Descriptor(
          count == 0 ? MOST_ENTRIES : count,
          signed && first >= SIGNED_LIMIT ? first - MOST_ENTRIES : first,
          bits);
    }
  }

  static String name(int tag) {
    return "(%04X,%04X)".formatted(tag >>> 16, tag & 0xFFFF);
  }

  static ImagingException damaged(String where, String found) {
    return ImagingException.damaged(where, found, "Correct the header or export the object again");
  }
}
