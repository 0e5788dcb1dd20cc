package org.llavamed.dicom;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.llavamed.dicom.internal.ByteReader;
import org.llavamed.imaging.ImagingException;

/** Reads the headers of elements and items (PS3.5 section 7.1), and checks their lengths. */
final class HeaderReader {
  /** Length that stands for an undefined one. */
  static final long UNDEFINED = 0xFFFFFFFFL;

  /** Bytes of the shortest header. */
  static final int SHORTEST = 8;

  private final ByteReader in;
  private final Object where;

  HeaderReader(ByteReader in, Object where) {
    this.in = in;
    this.where = where;
  }

  /**
   * What stands before a value field.
   *
   * @param vr null where the header has none
   * @param length of the value field, in bytes, or {@link #UNDEFINED}
   * @param offset of the header
   */
  record Header(int tag, @Nullable Vr vr, long length, long offset) {
    boolean undefined() {
      return length == UNDEFINED;
    }
  }

  /** Returns the tag at the position, and stays there. */
  int peek(Encoding encoding) throws IOException {
    in.order(encoding.order());
    long start = in.position();
    int tag = in.tag();
    in.seek(start);
    return tag;
  }

  /**
   * Reads the header of an element; some writers leave the value representation out.
   *
   * @param end where the data set or item ends
   */
  Header element(Encoding encoding, long end) throws IOException {
    in.order(encoding.order());
    long offset = in.position();
    if (end - offset < SHORTEST) {
      throw truncated(
          "%d bytes at offset %d are too few for an element header, expected 8"
              .formatted(end - offset, offset));
    }
    int tag = in.tag();
    if (!encoding.explicit() || tag >>> 16 == 0xFFFE) {
      return new Header(tag, null, in.u32(), offset);
    }
    long beforeVr = in.position();
    int first = in.u8();
    int second = in.u8();
    if (!isLetter(first) || !isLetter(second)) {
      in.seek(beforeVr);
      return new Header(tag, null, in.u32(), offset);
    }
    Vr vr = Vr.of(first, second);
    if (vr != null && !vr.hasLongLength()) {
      return new Header(tag, vr, in.u16(), offset);
    }
    if (end - in.position() < 6) {
      throw truncated(
          "the header of %s at offset %d has %d bytes, expected 12"
              .formatted(Dictionary.describe(tag), offset, end - offset));
    }
    in.u16();
    return new Header(tag, vr == null ? Vr.UN : vr, in.u32(), offset);
  }

  /**
   * Reads the header of an item, or the delimiter of a sequence.
   *
   * @param end where the sequence, or what it stands in, ends
   */
  Header item(Encoding encoding, Header sequence, long end) throws IOException {
    in.order(encoding.order());
    long offset = in.position();
    if (end - offset < SHORTEST) {
      throw truncated(
          "%s at offset %d ends without its delimiter, %d bytes are left"
              .formatted(Dictionary.describe(sequence.tag()), sequence.offset(), end - offset));
    }
    Header item = new Header(in.tag(), null, in.u32(), offset);
    if (item.tag() != Tag.Item && item.tag() != Tag.SequenceDelimitationItem) {
      throw ImagingException.damaged(
          where,
          "%s at offset %d stands in %s, expected an item (FFFE,E000)"
              .formatted(Dictionary.text(item.tag()), offset, Dictionary.describe(sequence.tag())),
          "Export the object again");
    }
    return item;
  }

  /** Checks that a value field, which begins at the position, ends by {@code end}. */
  void checkLength(Header header, long end) {
    long left = end - in.position();
    if (header.length() > left) {
      throw truncated(
          "Length %d of %s at offset %d exceeds the remaining %d bytes"
              .formatted(
                  header.length(), Dictionary.describe(header.tag()), header.offset(), left));
    }
  }

  private static boolean isLetter(int b) {
    return b >= 'A' && b <= 'Z';
  }

  private ImagingException truncated(String found) {
    return ImagingException.damaged(
        where, found, "The file is truncated or damaged: copy or export it again");
  }
}
