package org.llavamed.dicom;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.llavamed.dicom.internal.ByteReader;
import org.llavamed.dicom.internal.CharacterSet;
import org.llavamed.imaging.ImagingException;

/**
 * Reads data sets from bytes (PS3.5 section 7). Every length is compared with the bytes that are
 * left before anything is allocated; nesting, the number of elements and the bytes kept in memory
 * are limited. Pixel data of the outermost level stays where it is.
 */
final class DataSetParser {
  private static final System.Logger LOGGER = System.getLogger(DataSetParser.class.getName());
  static final int DEEPEST = 64;
  private static final long UNDEFINED = 0xFFFFFFFFL;
  private static final int HEADER = 8;

  private final ByteReader in;
  private final Limits limits;
  private final Object where;
  private @Nullable PixelRegion pixels;

  DataSetParser(ByteReader in, Object where, Limits limits) {
    this.in = in;
    this.where = where;
    this.limits = limits;
  }

  /** Returns where the pixel data lies; null where there is none. */
  @Nullable PixelRegion pixels() {
    return pixels;
  }

  /** Reads the elements of group 0002 from the position on; some writers code them implicitly. */
  DataSet meta() throws IOException {
    DataSet meta = new DataSet();
    Level level = new Level(meta, Encoding.EXPLICIT, 0, in.size());
    while (in.remaining() >= HEADER && nextTag(level) >>> 16 == 0x0002) {
      element(level);
    }
    return meta;
  }

  /** Reads the data set from the position to the end of the source. */
  DataSet dataSet(Encoding encoding) throws IOException {
    DataSet dataSet = new DataSet();
    Level level = new Level(dataSet, encoding, 0, in.size());
    try {
      while (in.remaining() > 0 && !atPadding(level)) {
        element(level);
      }
    } catch (ImagingException damaged) {
      if (pixels == null) {
        throw damaged;
      }
      LOGGER.log(
          System.Logger.Level.WARNING,
          "What follows the pixel data is left out: {0}",
          damaged.getMessage());
    }
    return dataSet;
  }

  /** One data set or item that is being read. */
  private static final class Level {
    private final DataSet dataSet;
    private final Encoding encoding;
    private final int depth;
    private final long end;
    private CharacterSet characterSet = CharacterSet.DEFAULT;
    private boolean signed;

    Level(DataSet dataSet, Encoding encoding, int depth, long end) {
      this.dataSet = dataSet;
      this.encoding = encoding;
      this.depth = depth;
      this.end = end;
    }
  }

  private record Header(int tag, @Nullable Vr vr, long length, long offset) {}

  private int nextTag(Level level) throws IOException {
    in.order(level.encoding.order());
    long start = in.position();
    int tag = in.tag();
    in.seek(start);
    return tag;
  }

  /** Returns whether only zeros follow, fewer than a header or behind the last group. */
  private boolean atPadding(Level level) throws IOException {
    long start = in.position();
    if (in.remaining() >= HEADER && (level.dataSet.isEmpty() || nextTag(level) != 0)) {
      return false;
    }
    while (in.remaining() > 0) {
      if (in.u8() != 0) {
        in.seek(start);
        return false;
      }
    }
    return true;
  }

  /** Reads one element; returns false at the delimiter of an item. */
  private boolean element(Level level) throws IOException {
    in.order(level.encoding.order());
    Header header = header(level);
    if (header.tag() == Tag.ItemDelimitationItem) {
      return false;
    }
    if (header.tag() == Tag.SequenceDelimitationItem) {
      return true;
    }
    if (header.tag() >>> 16 == 0xFFFE) {
      throw ImagingException.damaged(
          where,
          "%s at offset %d stands outside a sequence"
              .formatted(Dictionary.text(header.tag()), header.offset()),
          "Export the object again");
    }
    limits.countElement(where, header.tag());
    if (level.depth == 0 && isPixelData(header.tag())) {
      pixels = pixels(level, header);
      return true;
    }
    level.dataSet.put(header.tag(), value(level, header));
    if (header.tag() == Tag.SpecificCharacterSet) {
      level.characterSet = characterSet(level.dataSet);
    }
    if (header.tag() == Tag.PixelRepresentation) {
      level.signed = level.dataSet.integer(Tag.PixelRepresentation).orElse(0) == 1;
    }
    return true;
  }

  private CharacterSet characterSet(DataSet dataSet) {
    CharacterSet found = CharacterSet.of(dataSet.strings(Tag.SpecificCharacterSet));
    if (!found.unknown().isEmpty()) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "{0}: Specific Character Set (0008,0005) is {1}, which is unknown; text is read as ISO"
              + " 8859-1",
          where,
          found.unknown());
    }
    return found;
  }

  private static boolean isPixelData(int tag) {
    return tag == Tag.PixelData || tag == Tag.FloatPixelData || tag == Tag.DoubleFloatPixelData;
  }

  private Header header(Level level) throws IOException {
    long offset = in.position();
    if (level.end - offset < HEADER) {
      throw truncated(
          "%d bytes at offset %d are too few for an element header, expected 8"
              .formatted(level.end - offset, offset));
    }
    int tag = in.tag();
    if (!level.encoding.explicit() || tag >>> 16 == 0xFFFE) {
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
    if (level.end - in.position() < 6) {
      throw truncated(
          "the header of %s at offset %d has %d bytes, expected 12"
              .formatted(Dictionary.describe(tag), offset, level.end - offset));
    }
    in.u16();
    return new Header(tag, vr == null ? Vr.UN : vr, in.u32(), offset);
  }

  private static boolean isLetter(int b) {
    return b >= 'A' && b <= 'Z';
  }

  private Element value(Level level, Header header) throws IOException {
    Vr vr = header.vr() == null ? implicitVr(level, header) : header.vr();
    Encoding inner = level.encoding;
    if (vr == Vr.UN) {
      Vr known = implicitVr(level, header);
      if (header.length() == UNDEFINED || known == Vr.SQ) {
        return sequence(level, header, Encoding.IMPLICIT);
      }
      vr = known;
      inner = Encoding.IMPLICIT;
    }
    if (vr == Vr.SQ || header.length() == UNDEFINED) {
      return sequence(level, header, inner);
    }
    checkLength(header, level.end);
    limits.countBytes(where, header.tag(), header.length());
    byte[] bytes = in.take((int) header.length());
    if (inner.bigEndian()) {
      ByteOrders.swap(bytes, vr.unit());
    }
    return Element.ofBytes(vr, bytes, level.characterSet);
  }

  private static Vr implicitVr(Level level, Header header) {
    Vr vr = Dictionary.vr(header.tag());
    boolean signed =
        level.signed
            && vr == Vr.US
            && Dictionary.entry(header.tag()).filter(Dictionary.Entry::signDependent).isPresent();
    return signed ? Vr.SS : vr;
  }

  private void checkLength(Header header, long end) {
    long left = end - in.position();
    if (header.length() > left) {
      throw truncated(
          "Length %d of %s at offset %d exceeds the remaining %d bytes"
              .formatted(
                  header.length(), Dictionary.describe(header.tag()), header.offset(), left));
    }
  }

  private Element sequence(Level level, Header header, Encoding encoding) throws IOException {
    if (level.depth >= DEEPEST) {
      throw ImagingException.damaged(
          where,
          "%s at offset %d is nested deeper than %d levels"
              .formatted(Dictionary.describe(header.tag()), header.offset(), DEEPEST),
          "Export the object again; such a file is damaged or made to do harm");
    }
    long end = level.end;
    if (header.length() != UNDEFINED) {
      checkLength(header, level.end);
      end = in.position() + header.length();
    }
    List<DataSet> items = new ArrayList<>();
    while (in.position() < end || header.length() == UNDEFINED) {
      Header item = itemHeader(encoding, header, end);
      if (item.tag() == Tag.SequenceDelimitationItem) {
        break;
      }
      items.add(item(level, item, encoding, end));
    }
    if (header.length() != UNDEFINED) {
      in.seek(end);
    }
    return new Element(Vr.SQ, new Element.Items(List.copyOf(items)));
  }

  private Header itemHeader(Encoding encoding, Header sequence, long end) throws IOException {
    in.order(encoding.order());
    long offset = in.position();
    if (end - offset < HEADER) {
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
    limits.countElement(where, sequence.tag());
    return item;
  }

  private DataSet item(Level parent, Header header, Encoding encoding, long sequenceEnd)
      throws IOException {
    long end = sequenceEnd;
    boolean defined = header.length() != UNDEFINED;
    if (defined) {
      checkLength(header, sequenceEnd);
      end = in.position() + header.length();
    }
    Level level = new Level(new DataSet(), encoding, parent.depth + 1, end);
    level.characterSet = parent.characterSet;
    level.signed = parent.signed;
    boolean more = true;
    while (more && (!defined || in.position() < end)) {
      more = element(level);
    }
    if (defined) {
      in.seek(end);
    }
    return level.dataSet;
  }

  private PixelRegion pixels(Level level, Header header) throws IOException {
    Vr vr = header.vr() == null || header.vr() == Vr.UN ? Vr.OW : header.vr();
    if (header.tag() != Tag.PixelData) {
      vr = header.tag() == Tag.FloatPixelData ? Vr.OF : Vr.OD;
    }
    ByteOrder order = level.encoding.order();
    if (header.length() != UNDEFINED) {
      checkLength(header, level.end);
      long start = in.position();
      in.seek(start + header.length());
      return new PixelRegion(header.tag(), vr, order, start, header.length(), null, List.of());
    }
    return fragments(level, header, vr);
  }

  private PixelRegion fragments(Level level, Header header, Vr vr) throws IOException {
    List<PixelRegion.Fragment> fragments = new ArrayList<>();
    ByteBuffer table = null;
    long first = 0;
    for (Header item = itemHeader(level.encoding, header, level.end);
        item.tag() == Tag.Item;
        item = itemHeader(level.encoding, header, level.end)) {
      checkLength(item, level.end);
      if (table == null) {
        limits.countBytes(where, header.tag(), item.length());
        table = ByteBuffer.wrap(in.take((int) item.length())).asReadOnlyBuffer();
        first = in.position();
      } else {
        fragments.add(
            new PixelRegion.Fragment(item.offset() - first, in.position(), item.length()));
        in.seek(in.position() + item.length());
      }
    }
    ByteBuffer offsets = table == null ? ByteBuffer.allocate(0) : table;
    return new PixelRegion(
        header.tag(), vr, level.encoding.order(), first, 0, offsets, List.copyOf(fragments));
  }

  private ImagingException truncated(String found) {
    return ImagingException.damaged(
        where, found, "The file is truncated or damaged: copy or export it again");
  }
}
