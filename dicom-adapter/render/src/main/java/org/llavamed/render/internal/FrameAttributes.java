package org.llavamed.render.internal;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.DicomObject;

/**
 * The attributes of one frame: those of its per-frame functional groups, then the shared ones, then
 * those of the object (PS3.3 C.7.6.16).
 *
 * @param where file and frame, for messages
 * @param object the top level of the data set
 * @param groups the item of this frame and the shared item, as far as there are any
 */
record FrameAttributes(String where, Attributes object, List<Attributes> groups) {
  private static final int SHARED_FUNCTIONAL_GROUPS = 0x52009229;
  private static final int PER_FRAME_FUNCTIONAL_GROUPS = 0x52009230;

  static FrameAttributes of(DicomObject object, int index) {
    Attributes top = object.attributes();
    Stream<Attributes> own =
        top.items(PER_FRAME_FUNCTIONAL_GROUPS).stream().skip(index).limit(1).map(a -> a);
    Stream<Attributes> shared = top.items(SHARED_FUNCTIONAL_GROUPS).stream().limit(1).map(a -> a);
    return new FrameAttributes(
        object.file() + ", frame " + index, top, Stream.concat(own, shared).toList());
  }

  /**
   * Returns the attributes that hold a value: the item of a functional group's macro sequence, or
   * the object itself.
   *
   * @param macro sequence of the functional group, for example Frame VOI LUT Sequence (0028,9132)
   * @param tag attribute that must be there
   */
  Optional<Attributes> holder(int macro, int tag) {
    return holder(new int[] {macro}, tag);
  }

  /** Returns the attributes that hold a value which any of several macros may hold. */
  Optional<Attributes> holder(int[] macros, int tag) {
    Stream<Attributes> items =
        groups.stream()
            .flatMap(
                group ->
                    IntStream.of(macros)
                        .boxed()
                        .flatMap(macro -> group.items(macro).stream().limit(1)));
    return Stream.concat(items, Stream.of(object)).filter(a -> a.contains(tag)).findFirst();
  }
}
