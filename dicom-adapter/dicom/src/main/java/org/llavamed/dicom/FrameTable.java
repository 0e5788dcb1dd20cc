package org.llavamed.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.llavamed.imaging.ImagingException;

/**
 * Which fragments make up which frame (PS3.5 annex A.4): by the extended or the basic offset table
 * where it agrees with the fragments, else all fragments for a single frame, else one fragment a
 * frame, else by the marker that starts a JPEG or JPEG 2000 codestream.
 */
final class FrameTable {
  private final Object where;
  private final List<List<PixelRegion.Fragment>> frames;

  private FrameTable(Object where, List<List<PixelRegion.Fragment>> frames) {
    this.where = where;
    this.frames = frames;
  }

  /**
   * Assigns the fragments.
   *
   * @param start gives the first bytes of a fragment, up to 4
   * @throws ImagingException if there are no fragments or no rule assigns them
   */
  static FrameTable of(
      Object where,
      PixelRegion region,
      DataSet dataSet,
      Function<PixelRegion.Fragment, byte[]> start) {
    List<PixelRegion.Fragment> fragments = region.fragments();
    int count = Math.max(1, dataSet.integer(Tag.NumberOfFrames).orElse(1));
    if (fragments.isEmpty()) {
      throw ImagingException.damaged(where, "there are no fragments", "Export the object again");
    }
    List<List<PixelRegion.Fragment>> frames = byExtendedTable(fragments, dataSet, count);
    if (frames == null) {
      frames = byOffsets(fragments, offsets(region), count);
    }
    if (frames == null) {
      frames = withoutTable(fragments, count, start);
    }
    if (frames == null) {
      throw ImagingException.damaged(
          where,
          "%d frames lie in %d fragments, and neither offset table nor start markers tell which"
              .formatted(count, fragments.size()),
          "Export the object again with a correct basic offset table");
    }
    return new FrameTable(where, frames);
  }

  /** Returns the fragments of a frame, in their order. */
  List<PixelRegion.Fragment> parts(int index) {
    if (index < 0 || index >= frames.size()) {
      throw ImagingException.damaged(
          where,
          "frame %d was asked for, the object has frames 0 to %d"
              .formatted(index, frames.size() - 1),
          "Ask for a frame that is there");
    }
    return frames.get(index);
  }

  private static @Nullable List<List<PixelRegion.Fragment>> byExtendedTable(
      List<PixelRegion.Fragment> fragments, DataSet dataSet, int count) {
    ByteBuffer table = dataSet.bytes(Tag.ExtendedOffsetTable).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer lengths =
        dataSet.bytes(Tag.ExtendedOffsetTableLengths).order(ByteOrder.LITTLE_ENDIAN);
    if (table.remaining() != 8L * count) {
      return null;
    }
    List<Long> offsets = new ArrayList<>();
    while (table.hasRemaining()) {
      offsets.add(table.getLong());
    }
    List<List<PixelRegion.Fragment>> frames = byOffsets(fragments, offsets, count);
    if (frames == null || lengths.remaining() != 8L * count) {
      return frames;
    }
    List<List<PixelRegion.Fragment>> cut = new ArrayList<>();
    for (List<PixelRegion.Fragment> parts : frames) {
      long length = lengths.getLong();
      PixelRegion.Fragment first = parts.get(0);
      boolean usable = parts.size() == 1 && length > 0 && length <= first.length();
      cut.add(
          usable
              ? List.of(new PixelRegion.Fragment(first.start(), first.offset(), length))
              : parts);
    }
    return cut;
  }

  private static List<Long> offsets(PixelRegion region) {
    List<Long> offsets = new ArrayList<>();
    ByteBuffer table = region.offsetTable();
    if (table != null) {
      ByteBuffer numbers = table.duplicate().order(region.order());
      while (numbers.remaining() >= 4) {
        offsets.add(numbers.getInt() & 0xFFFFFFFFL);
      }
    }
    return offsets;
  }

  /** Returns null where the offsets do not name ascending fragments, one for each frame. */
  private static @Nullable List<List<PixelRegion.Fragment>> byOffsets(
      List<PixelRegion.Fragment> fragments, List<Long> offsets, int count) {
    if (offsets.size() != count) {
      return null;
    }
    Map<Long, Integer> starts = new HashMap<>();
    for (int i = 0; i < fragments.size(); i++) {
      starts.put(fragments.get(i).start(), i);
    }
    List<Integer> firsts = new ArrayList<>();
    for (long offset : offsets) {
      Integer first = starts.get(offset);
      if (first == null || (!firsts.isEmpty() && first <= firsts.get(firsts.size() - 1))) {
        return null;
      }
      firsts.add(first);
    }
    return firsts.get(0) == 0 ? split(fragments, firsts) : null;
  }

  private static List<List<PixelRegion.Fragment>> split(
      List<PixelRegion.Fragment> fragments, List<Integer> firsts) {
    List<List<PixelRegion.Fragment>> frames = new ArrayList<>();
    for (int i = 0; i < firsts.size(); i++) {
      int end = i + 1 < firsts.size() ? firsts.get(i + 1) : fragments.size();
      frames.add(fragments.subList(firsts.get(i), end));
    }
    return Collections.unmodifiableList(frames);
  }

  private static @Nullable List<List<PixelRegion.Fragment>> withoutTable(
      List<PixelRegion.Fragment> fragments,
      int count,
      Function<PixelRegion.Fragment, byte[]> start) {
    if (count == 1) {
      return List.of(fragments);
    }
    List<Integer> firsts = new ArrayList<>();
    for (int i = 0; i < fragments.size(); i++) {
      if (fragments.size() == count || isCodestream(start.apply(fragments.get(i)))) {
        firsts.add(i);
      }
    }
    return firsts.size() == count && firsts.get(0) == 0 ? split(fragments, firsts) : null;
  }

  /** Returns whether the bytes are SOI of JPEG, or SOC and SIZ of JPEG 2000. */
  private static boolean isCodestream(byte[] start) {
    return start.length >= 3
        && start[0] == (byte) 0xFF
        && start[2] == (byte) 0xFF
        && (start[1] == (byte) 0xD8 || start[1] == 0x4F);
  }
}
