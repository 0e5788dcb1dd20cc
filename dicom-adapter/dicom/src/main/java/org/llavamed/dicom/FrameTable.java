package org.llavamed.dicom;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;
import org.llavamed.dicom.internal.ByteSource;
import org.llavamed.imaging.ImagingException;

/**
 * Which fragments make up which frame (PS3.5 annex A.4): by the extended or the basic offset table
 * where it agrees with the fragments, else all fragments for a single frame, else one fragment a
 * frame, else by the marker that starts a JPEG or JPEG 2000 codestream.
 */
final class FrameTable {
  /** Bytes that tell a codestream. */
  private static final int MARK = 3;

  /** Starts of small fragments are read together, up to this many bytes at once. */
  private static final int BLOCK = 1 << 12;

  private final Object where;
  private final Fragments fragments;
  private final int[] firsts;
  private final @Nullable ByteBuffer lengths;

  private FrameTable(
      Object where, Fragments fragments, int[] firsts, @Nullable ByteBuffer lengths) {
    this.where = where;
    this.fragments = fragments;
    this.firsts = firsts;
    this.lengths = lengths;
  }

  /**
   * Assigns the fragments.
   *
   * @param source where the fragments lie; read only where nothing else tells the frames
   * @throws ImagingException if there are no fragments or no rule assigns them
   * @throws IOException if the source cannot be read
   */
  static FrameTable of(Object where, PixelRegion region, DataSet dataSet, ByteSource source)
      throws IOException {
    Fragments fragments = region.fragments();
    int count = Math.max(1, dataSet.integer(Tag.NumberOfFrames).orElse(1));
    if (fragments.count() == 0) {
      throw ImagingException.damaged(where, "there are no fragments", "Export the object again");
    }
    int[] firsts = byExtendedTable(fragments, dataSet, count);
    if (firsts != null) {
      return new FrameTable(where, fragments, firsts, extendedLengths(dataSet, count));
    }
    firsts = byBasicTable(region, count);
    if (firsts == null) {
      firsts = withoutTable(fragments, count, source);
    }
    if (firsts == null) {
      throw ImagingException.damaged(
          where,
          "%d frames lie in %d fragments, and neither offset table nor start markers tell which"
              .formatted(count, fragments.count()),
          "Export the object again with a correct basic offset table");
    }
    return new FrameTable(where, fragments, firsts, null);
  }

  /** Returns the first fragment of a frame. */
  int first(int index) {
    if (index < 0 || index >= firsts.length) {
      throw ImagingException.damaged(
          where,
          "frame %d was asked for, the object has frames 0 to %d"
              .formatted(index, firsts.length - 1),
          "Ask for a frame that is there");
    }
    return firsts[index];
  }

  /** Returns the fragment behind the last of a frame. */
  int end(int index) {
    return index + 1 < firsts.length ? firsts[index + 1] : fragments.count();
  }

  /** Returns the bytes of a frame, without padding where the extended table tells. */
  long length(int index) {
    long all = fragments.length(first(index), end(index));
    if (lengths == null || end(index) - first(index) != 1) {
      return all;
    }
    long length = lengths.getLong(index * Long.BYTES);
    return length > 0 && length <= all ? length : all;
  }

  private static int @Nullable [] byExtendedTable(Fragments fragments, DataSet dataSet, int count) {
    ByteBuffer table = numbers(dataSet, Tag.ExtendedOffsetTable);
    return table.remaining() == (long) Long.BYTES * count
        ? byOffsets(fragments, count, i -> table.getLong(i * Long.BYTES))
        : null;
  }

  private static @Nullable ByteBuffer extendedLengths(DataSet dataSet, int count) {
    ByteBuffer table = numbers(dataSet, Tag.ExtendedOffsetTableLengths);
    return table.remaining() == (long) Long.BYTES * count ? table : null;
  }

  private static ByteBuffer numbers(DataSet dataSet, int tag) {
    return dataSet.bytes(tag).slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int @Nullable [] byBasicTable(PixelRegion region, int count) {
    ByteBuffer table = region.offsetTable();
    if (table == null || table.remaining() / Integer.BYTES != count) {
      return null;
    }
    ByteBuffer offsets = table.slice().order(region.order());
    return byOffsets(
        region.fragments(), count, i -> offsets.getInt(i * Integer.BYTES) & 0xFFFFFFFFL);
  }

  /** Returns null where the offsets do not name ascending fragments, one for each frame. */
  private static int @Nullable [] byOffsets(
      Fragments fragments, int count, IntToLongFunction offsets) {
    int[] firsts = new int[count];
    for (int i = 0; i < count; i++) {
      firsts[i] = fragments.startingAt(offsets.applyAsLong(i));
      if (firsts[i] < 0 || (i > 0 && firsts[i] <= firsts[i - 1])) {
        return null;
      }
    }
    return firsts[0] == 0 ? firsts : null;
  }

  private static int @Nullable [] withoutTable(Fragments fragments, int count, ByteSource source)
      throws IOException {
    if (count > fragments.count()) {
      return null;
    }
    int[] firsts = new int[count];
    if (count == 1) {
      return firsts;
    }
    Starts starts = new Starts(fragments, source);
    int found = 0;
    for (int i = 0; i < fragments.count(); i++) {
      if (fragments.count() == count || starts.isCodestream(i)) {
        if (found == count) {
          return null;
        }
        firsts[found++] = i;
      }
    }
    return found == count && firsts[0] == 0 ? firsts : null;
  }

  /** The first bytes of fragments, of neighbours in one reading where they are small. */
  private static final class Starts {
    private final Fragments fragments;
    private final ByteSource source;
    private final int block;
    private ByteBuffer window = ByteBuffer.allocate(0);
    private long windowStart;

    Starts(Fragments fragments, ByteSource source) {
      this.fragments = fragments;
      this.source = source;
      this.block = fragments.length() / fragments.count() < BLOCK ? BLOCK : MARK;
    }

    /** Returns whether a fragment begins with SOI of JPEG, or SOC and SIZ of JPEG 2000. */
    boolean isCodestream(int fragment) throws IOException {
      if (fragments.length(fragment) < MARK) {
        return false;
      }
      long offset = fragments.offset(fragment);
      if (offset < windowStart || offset + MARK > windowStart + window.limit()) {
        window = source.slice(offset, (int) Math.min(block, source.size() - offset));
        windowStart = offset;
      }
      int at = (int) (offset - windowStart);
      byte second = window.get(at + 1);
      return window.get(at) == (byte) 0xFF
          && window.get(at + 2) == (byte) 0xFF
          && (second == (byte) 0xD8 || second == 0x4F);
    }
  }
}
