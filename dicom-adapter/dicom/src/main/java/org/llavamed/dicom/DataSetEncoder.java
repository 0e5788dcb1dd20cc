package org.llavamed.dicom;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.Map;
import org.llavamed.imaging.ImagingException;

/**
 * Writes data sets as bytes (PS3.5 section 7). Sequences and items have defined lengths, which are
 * counted before the first byte is written, but for private sequences in implicit coding; group
 * lengths that are there are counted anew.
 */
final class DataSetEncoder {
  private static final long UNDEFINED = 0xFFFFFFFFL;
  private static final long LONGEST_SHORT = 0xFFFF;
  private static final int CHUNK = 1 << 16;

  private final OutputStream out;
  private final Encoding encoding;
  private final IdentityHashMap<Element, Long> sequences = new IdentityHashMap<>();

  DataSetEncoder(OutputStream out, Encoding encoding) {
    this.out = out;
    this.encoding = encoding;
  }

  /**
   * Writes the attributes.
   *
   * @throws ImagingException if a value is longer than its length field can say
   */
  void write(DataSet dataSet) throws IOException {
    for (Map.Entry<Integer, Element> entry : dataSet.entries()) {
      int tag = entry.getKey();
      Element element = entry.getValue();
      write(tag, isGroupLength(tag) ? groupLength(dataSet, tag) : element);
    }
  }

  /** Returns the bytes that {@link #write(DataSet)} writes. */
  long length(DataSet dataSet) {
    long sum = 0;
    for (Map.Entry<Integer, Element> entry : dataSet.entries()) {
      sum += length(entry.getKey(), entry.getValue());
    }
    return sum;
  }

  private static boolean isGroupLength(int tag) {
    return (tag & 0xFFFF) == 0;
  }

  private Element groupLength(DataSet dataSet, int tag) {
    long sum = 0;
    for (Map.Entry<Integer, Element> entry : dataSet.entries()) {
      if (entry.getKey() >>> 16 == tag >>> 16 && entry.getKey() != tag) {
        sum += length(entry.getKey(), entry.getValue());
      }
    }
    return new DataSet().putInts(tag, Vr.UL, sum & UNDEFINED).require(tag);
  }

  private long length(int tag, Element element) {
    if (isGroupLength(tag)) {
      return header(Vr.UL) + 4L;
    }
    return header(written(element)) + valueLength(element) + (isOpen(tag, element) ? 8 : 0);
  }

  /** Returns whether only an undefined length tells a reader that this is a sequence. */
  private boolean isOpen(int tag, Element element) {
    return !encoding.explicit() && element.vr() == Vr.SQ && Dictionary.vr(tag) != Vr.SQ;
  }

  private int header(Vr vr) {
    return encoding.explicit() && vr.hasLongLength() ? 12 : 8;
  }

  private long valueLength(Element element) {
    if (element.value() instanceof Element.Items items) {
      Long known = sequences.get(element);
      if (known == null) {
        known = items.list().stream().mapToLong(item -> 8 + length(item)).sum();
        sequences.put(element, known);
      }
      return known;
    }
    if (element.value() instanceof Element.Fragments fragments) {
      return 16L
          + fragments.offsetTable().remaining()
          + fragments.list().stream().mapToLong(fragment -> 8L + fragment.remaining()).sum();
    }
    return element.bytes().remaining();
  }

  /** Returns UN for a value that is too long for a 16-bit length (PS3.5 section 6.2.2). */
  private Vr written(Element element) {
    Vr vr = element.vr();
    boolean tooLong = !vr.hasLongLength() && element.bytes().remaining() > LONGEST_SHORT;
    return encoding.explicit() && tooLong ? Vr.UN : vr;
  }

  private void write(int tag, Element element) throws IOException {
    Vr vr = written(element);
    if (element.value() instanceof Element.Fragments fragments) {
      header(tag, vr, UNDEFINED);
      item(Tag.Item, fragments.offsetTable().remaining());
      write(fragments.offsetTable());
      for (ByteBuffer fragment : fragments.list()) {
        item(Tag.Item, fragment.remaining());
        write(fragment);
      }
      item(Tag.SequenceDelimitationItem, 0);
      return;
    }
    long length = valueLength(element);
    checkLength(tag, length);
    boolean open = isOpen(tag, element);
    header(tag, vr, open ? UNDEFINED : length);
    if (element.value() instanceof Element.Items items) {
      for (DataSet item : items.list()) {
        item(Tag.Item, length(item));
        write(item);
      }
      if (open) {
        item(Tag.SequenceDelimitationItem, 0);
      }
    } else {
      writeValue(element.bytes(), vr == Vr.UN ? 1 : vr.unit());
    }
  }

  /** Writes the header of a value field that the caller writes. */
  void bulk(int tag, Vr vr, long length) throws IOException {
    checkLength(tag, length);
    header(tag, vr, length);
  }

  private static void checkLength(int tag, long length) {
    if (length >= UNDEFINED) {
      throw ImagingException.damaged(
          Dictionary.describe(tag),
          "the value takes %d bytes, a length field counts to %d".formatted(length, UNDEFINED - 1),
          "Split the object");
    }
  }

  private void header(int tag, Vr vr, long length) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(12).order(encoding.order());
    header.putShort((short) (tag >>> 16)).putShort((short) tag);
    if (!encoding.explicit()) {
      header.putInt((int) length);
    } else {
      header.put((byte) vr.name().charAt(0)).put((byte) vr.name().charAt(1));
      if (vr.hasLongLength()) {
        header.putShort((short) 0).putInt((int) length);
      } else {
        header.putShort((short) length);
      }
    }
    write(header.flip());
  }

  private void item(int tag, long length) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(8).order(encoding.order());
    header.putShort((short) (tag >>> 16)).putShort((short) tag).putInt((int) length);
    write(header.flip());
  }

  private void writeValue(ByteBuffer value, int unit) throws IOException {
    if (!encoding.bigEndian() || unit == 1) {
      write(value);
      return;
    }
    ByteBuffer rest = value.duplicate();
    while (rest.hasRemaining()) {
      byte[] chunk = new byte[Math.min(rest.remaining(), CHUNK)];
      rest.get(chunk);
      ByteOrders.swap(chunk, unit);
      out.write(chunk);
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    if (bytes.hasArray()) {
      out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
      return;
    }
    ByteBuffer rest = bytes.duplicate();
    byte[] chunk = new byte[Math.min(rest.remaining(), CHUNK)];
    while (rest.hasRemaining()) {
      int count = Math.min(rest.remaining(), chunk.length);
      rest.get(chunk, 0, count);
      out.write(chunk, 0, count);
    }
  }
}
