package org.llavamed.dicom;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.llavamed.dicom.HeaderReader.Header;
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

  private final ByteReader in;
  private final HeaderReader headers;
  private final Limits limits;
  private final Object where;
  private @Nullable PixelRegion pixels;
  private @Nullable String leftOut;

  /** Offset of a byte that is not zero; padding cannot begin before it. */
  private long notPadding = -1;

  DataSetParser(ByteReader in, Object where, Limits limits) {
    this.in = in;
    this.headers = new HeaderReader(in, where);
    this.where = where;
    this.limits = limits;
  }

  /** Returns where the pixel data lies; null where there is none. */
  @Nullable PixelRegion pixels() {
    return pixels;
  }

  /** Returns why what follows the pixel data was left out; null where all was read. */
  @Nullable String leftOut() {
    return leftOut;
  }

  /** Reads the elements of group 0002 from the position on; some writers code them implicitly. */
  DataSet meta() throws IOException {
    DataSet meta = new DataSet();
    Level level = new Level(meta, Encoding.EXPLICIT, 0, in.size());
    while (in.remaining() >= HeaderReader.SHORTEST
        && headers.peek(level.encoding) >>> 16 == 0x0002) {
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
      leftOut = damaged.getMessage();
      LOGGER.log(
          System.Logger.Level.WARNING,
          "What follows the pixel data is left out: {0}",
          damaged.getMessage());
    }
    return dataSet;
  }

  /** Reads the data set from the position to a tag, or to the pixel data or the end before it. */
  DataSet start(Encoding encoding, int lastTag) throws IOException {
    DataSet dataSet = new DataSet();
    Level level = new Level(dataSet, encoding, 0, in.size());
    while (pixels == null
        && in.remaining() > 0
        && !atPadding(level)
        && Integer.compareUnsigned(headers.peek(encoding), lastTag) <= 0) {
      element(level);
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

  /** Returns whether only zeros follow, fewer than a header or behind the last group. */
  private boolean atPadding(Level level) throws IOException {
    long start = in.position();
    if (start <= notPadding) {
      return false;
    }
    if (in.remaining() >= HeaderReader.SHORTEST
        && (level.dataSet.isEmpty() || headers.peek(level.encoding) != 0)) {
      return false;
    }
    while (in.remaining() > 0) {
      if (in.u8() != 0) {
        notPadding = in.position() - 1;
        in.seek(start);
        return false;
      }
    }
    return true;
  }

  /** Reads one element; returns false at the delimiter of an item. */
  private boolean element(Level level) throws IOException {
    Header header = headers.element(level.encoding, level.end);
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
          found.unknown().toString().replaceAll("\\p{Cc}", " "));
    }
    return found;
  }

  private static boolean isPixelData(int tag) {
    return tag == Tag.PixelData || tag == Tag.FloatPixelData || tag == Tag.DoubleFloatPixelData;
  }

  private Element value(Level level, Header header) throws IOException {
    Vr vr = header.vr() == null ? implicitVr(level, header) : header.vr();
    Encoding inner = level.encoding;
    if (vr == Vr.UN) {
      Vr known = implicitVr(level, header);
      if (header.undefined() || known == Vr.SQ) {
        return sequence(level, header, Encoding.IMPLICIT);
      }
      vr = known;
      inner = Encoding.IMPLICIT;
    }
    if (vr == Vr.SQ || header.undefined()) {
      return sequence(level, header, inner);
    }
    headers.checkLength(header, level.end);
    limits.countValue(where, header.tag(), vr, header.length());
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

  private Element sequence(Level level, Header header, Encoding encoding) throws IOException {
    if (level.depth >= DEEPEST) {
      throw ImagingException.damaged(
          where,
          "%s at offset %d is nested deeper than %d levels"
              .formatted(Dictionary.describe(header.tag()), header.offset(), DEEPEST),
          "Export the object again; such a file is damaged or made to do harm");
    }
    long end = level.end;
    if (!header.undefined()) {
      headers.checkLength(header, level.end);
      end = in.position() + header.length();
    }
    List<DataSet> items = new ArrayList<>();
    while (in.position() < end || header.undefined()) {
      Header item = itemHeader(encoding, header, end);
      if (item.tag() == Tag.SequenceDelimitationItem) {
        break;
      }
      items.add(item(level, item, encoding, end));
    }
    if (!header.undefined()) {
      in.seek(end);
    }
    return new Element(Vr.SQ, new Element.Items(List.copyOf(items)));
  }

  private Header itemHeader(Encoding encoding, Header sequence, long end) throws IOException {
    Header item = headers.item(encoding, sequence, end);
    limits.countElement(where, sequence.tag());
    return item;
  }

  private DataSet item(Level parent, Header header, Encoding encoding, long sequenceEnd)
      throws IOException {
    long end = sequenceEnd;
    boolean defined = !header.undefined();
    if (defined) {
      headers.checkLength(header, sequenceEnd);
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
    if (!header.undefined()) {
      headers.checkLength(header, level.end);
      long start = in.position();
      in.seek(start + header.length());
      return new PixelRegion(
          header.tag(), vr, order, start, header.length(), null, new Fragments());
    }
    return fragments(level, header, vr);
  }

  private PixelRegion fragments(Level level, Header header, Vr vr) throws IOException {
    Fragments fragments = new Fragments();
    ByteBuffer table = null;
    long first = 0;
    for (Header item = itemHeader(level.encoding, header, level.end);
        item.tag() == Tag.Item;
        item = itemHeader(level.encoding, header, level.end)) {
      headers.checkLength(item, level.end);
      if (table == null) {
        limits.countBytes(where, header.tag(), item.length());
        table = ByteBuffer.wrap(in.take((int) item.length())).asReadOnlyBuffer();
        first = in.position();
      } else {
        limits.countBytes(where, header.tag(), Fragments.MEMORY);
        fragments.add(in.position(), item.length());
        in.seek(in.position() + item.length());
      }
    }
    ByteBuffer offsets = table == null ? ByteBuffer.allocate(0) : table;
    return new PixelRegion(header.tag(), vr, level.encoding.order(), first, 0, offsets, fragments);
  }
}
