package org.llavamed.dicom;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.llavamed.dicom.internal.ByteSource;
import org.llavamed.dicom.internal.CharacterSet;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PixelData;

/** Pixel data in a file or in inflated bytes, read when it is asked for. */
final class StoredPixels implements PixelData {
  /** A frame or value may take at most this part of the heap: it is decoded beside it. */
  private static final int MEMORY_SHARE = 4;

  /** All fragments together, which are written as they are. */
  private static final int FRAGMENTS_SHARE = 2;

  private final Object where;
  private final ByteSource source;
  private final PixelRegion region;
  private final DataSet dataSet;
  private volatile @Nullable FrameTable frames;

  StoredPixels(Object where, ByteSource source, PixelRegion region, DataSet dataSet) {
    this.where = where;
    this.source = source;
    this.region = region;
    this.dataSet = dataSet;
  }

  @Override
  public int tag() {
    return region.tag();
  }

  @Override
  public String vr() {
    return region.vr().name();
  }

  @Override
  public ByteOrder byteOrder() {
    return region.order();
  }

  @Override
  public boolean encapsulated() {
    return region.encapsulated();
  }

  /** Returns the number of fragments behind the basic offset table. */
  int fragments() {
    return region.fragments().count();
  }

  @Override
  public long length() {
    return encapsulated() ? region.fragments().length() : region.length();
  }

  @Override
  public ByteBuffer slice(long offset, int length) {
    if (encapsulated()) {
      throw new IllegalStateException("encapsulated pixel data is read by frame()");
    }
    checkPart(offset, length, region.length());
    return read(region.offset() + offset, length).order(region.order());
  }

  private void checkPart(long offset, int length, long all) {
    if (offset < 0 || length < 0 || offset > all - length) {
      throw ImagingException.damaged(
          place(),
          "%d bytes at offset %d were asked for, the value has %d".formatted(length, offset, all),
          "The object is truncated or its header is wrong: export it again");
    }
  }

  @Override
  public ByteBuffer frame(int index) {
    if (!encapsulated()) {
      throw new IllegalStateException("native pixel data is read by slice()");
    }
    try {
      return source.reading(open -> frame(open, index));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private ByteBuffer frame(ByteSource open, int index) throws IOException {
    FrameTable table = frames;
    if (table == null) {
      table = FrameTable.of(place(), region, dataSet, open);
      frames = table;
    }
    int first = table.first(index);
    if (table.end(index) - first == 1) {
      return open.slice(region.fragments().offset(first), checked(table.length(index)));
    }
    return part(open, region.fragments().before(first), checked(table.length(index)));
  }

  @Override
  public ByteBuffer stream(long offset, int length) {
    if (!encapsulated()) {
      throw new IllegalStateException("native pixel data is read by slice()");
    }
    checkPart(offset, length, length());
    try {
      return source.reading(open -> part(open, offset, checked(length)));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Returns a part of the joined fragments. */
  private ByteBuffer part(ByteSource open, long offset, int length) throws IOException {
    Fragments fragments = region.fragments();
    ByteBuffer joined = ByteBuffer.allocate(length);
    int fragment = length == 0 ? 0 : fragments.holding(offset);
    long skipped = offset - fragments.before(fragment);
    while (joined.hasRemaining()) {
      long there = fragments.length(fragment) - skipped;
      ByteBuffer target =
          joined.slice(joined.position(), (int) Math.min(there, joined.remaining()));
      joined.position(joined.position() + target.remaining());
      open.read(fragments.offset(fragment) + skipped, target);
      skipped = 0;
      fragment++;
    }
    return joined.flip().asReadOnlyBuffer();
  }

  private ByteBuffer read(long offset, long length) {
    try {
      return source.slice(offset, checked(length));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Returns a number of bytes that fits into memory; the file may state any. */
  private int checked(long bytes) {
    long limit = Math.min(1L << 30, Runtime.getRuntime().maxMemory() / MEMORY_SHARE);
    if (bytes > limit) {
      throw ImagingException.unsupported(
          place(),
          "A part of %d bytes, above the limit of %d,".formatted(bytes, limit),
          "Use smaller frames, or give the JVM more memory (-Xmx) where the limit is below 1 GiB");
    }
    return (int) bytes;
  }

  private ImagingException unreadable(IOException e) {
    return ImagingException.damaged(
        place(),
        "the value cannot be read any more (%s)".formatted(e.getMessage()),
        "Leave the file in its place until the work is done",
        e);
  }

  private String place() {
    return "%s, %s".formatted(where, Dictionary.describe(region.tag()));
  }

  /** Returns the pixel data in memory. */
  Element element() {
    ByteBuffer table = region.offsetTable();
    if (table == null) {
      byte[] bytes = new byte[checked(region.length())];
      try {
        source.read(region.offset(), ByteBuffer.wrap(bytes));
      } catch (IOException e) {
        throw unreadable(e);
      }
      if (region.order() == ByteOrder.BIG_ENDIAN) {
        ByteOrders.swap(bytes, region.vr().unit());
      }
      return Element.ofBytes(region.vr(), bytes, CharacterSet.UTF_8);
    }
    long limit = Runtime.getRuntime().maxMemory() / FRAGMENTS_SHARE;
    if (length() > limit) {
      throw ImagingException.unsupported(
          place(),
          "Reading fragments of %d bytes in all, above the limit of %d,".formatted(length(), limit),
          "Give the JVM more memory (-Xmx)");
    }
    List<ByteBuffer> fragments = new ArrayList<>();
    for (int i = 0; i < region.fragments().count(); i++) {
      fragments.add(read(region.fragments().offset(i), region.fragments().length(i)));
    }
    return new Element(region.vr(), new Element.Fragments(table, List.copyOf(fragments)));
  }
}
