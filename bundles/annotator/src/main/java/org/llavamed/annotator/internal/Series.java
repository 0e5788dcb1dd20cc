package org.llavamed.annotator.internal;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/**
 * The objects of a series in the order in which pictures are read.
 *
 * @param instances at least one. Parallel slices go by position along their normal; where positions
 *     are missing or planes differ, and among equals, objects go by instance number, those without
 *     a number last, then by SOP Instance UID
 */
record Series(List<Instance> instances) {
  private static final Comparator<Instance> BY_NUMBER =
      Comparator.<Instance>comparingLong(instance -> orLast(instance.number()))
          .thenComparing(Instance::sopUid);

  private static final Comparator<Instance> BY_POSITION =
      Comparator.<Instance>comparingDouble(
              instance -> instance.slice().map(Slice::position).orElse(0.0))
          .thenComparing(BY_NUMBER);

  Series {
    List<Instance> byNumber = instances.stream().sorted(BY_NUMBER).toList();
    instances = areParallel(byNumber) ? byNumber.stream().sorted(BY_POSITION).toList() : byNumber;
  }

  /** Orders series by Series Number, those without a number last, then by their UID. */
  static Comparator<Series> order() {
    return Comparator.<Series>comparingLong(series -> orLast(series.first().seriesNumber()))
        .thenComparing(series -> series.first().seriesUid());
  }

  Instance first() {
    return instances.get(0);
  }

  private static boolean areParallel(List<Instance> instances) {
    return instances.get(0).slice().isPresent()
        && instances.stream()
            .allMatch(
                instance ->
                    instance
                        .slice()
                        .filter(instances.get(0).slice().get()::isParallelTo)
                        .isPresent());
  }

  private static long orLast(OptionalInt number) {
    return number.isPresent() ? number.getAsInt() : Long.MAX_VALUE;
  }
}
