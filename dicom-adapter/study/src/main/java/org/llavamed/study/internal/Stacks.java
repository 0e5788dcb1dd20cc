package org.llavamed.study.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.llavamed.imaging.StudyTree.Plane;
import org.llavamed.imaging.StudyTree.Stack;
import org.llavamed.imaging.StudyTree.Vector;

/**
 * Puts parallel slices together to stacks and remarks on what is irregular about them. Positions
 * are those along the normal of the first slice, for all of a stack. Slices less than {@value
 * #SAME} mm apart are at one position. A distance of more than {@value #GAP} times the median of
 * the stack is a gap; one that differs from the median by more than {@value #UNEVEN} of it is
 * uneven.
 */
final class Stacks {
  private static final double SAME = 0.01;
  private static final double GAP = 1.5;
  private static final double UNEVEN = 0.1;

  private final Path file;
  private final String place;
  private final Remarks remarks;

  /**
   * @param file what remarks are about
   * @param place the series or object in words, with its UID
   */
  Stacks(Path file, String place, Remarks remarks) {
    this.file = file;
    this.place = place;
    this.remarks = remarks;
  }

  /** Returns the stacks of at least two slices each, in the order of their first slices. */
  List<Stack> of(List<Plane> planes) {
    var groups = new ArrayList<List<Plane>>();
    for (Plane plane : planes) {
      groups.stream()
          .filter(group -> group.get(0).isParallelTo(plane))
          .findFirst()
          .orElseGet(
              () -> {
                groups.add(new ArrayList<>());
                return groups.get(groups.size() - 1);
              })
          .add(plane);
    }
    return groups.stream().filter(group -> group.size() > 1).map(this::stack).toList();
  }

  private Stack stack(List<Plane> slices) {
    Vector normal = slices.get(0).normal();
    double[] distances =
        slices.stream().mapToDouble(slice -> slice.distanceAlong(normal)).sorted().toArray();
    var positions = new ArrayList<Double>();
    var counts = new ArrayList<Integer>();
    for (double distance : distances) {
      int last = positions.size() - 1;
      if (last >= 0 && distance - positions.get(last) < SAME) {
        counts.set(last, counts.get(last) + 1);
      } else {
        positions.add(distance);
        counts.add(1);
      }
    }
    int volumes = counts.stream().distinct().count() == 1 ? counts.get(0) : 0;
    if (volumes == 0) {
      remarkCounts(positions, counts);
    }
    return new Stack(normal, positions.size(), volumes, spacing(positions));
  }

  private void remarkCounts(List<Double> positions, List<Integer> counts) {
    int most = counts.stream().mapToInt(Integer::intValue).max().orElseThrow();
    int where = counts.indexOf(most);
    long fewer = counts.stream().filter(count -> count < most).count();
    remarks.geometry(
        file,
        "%s: %d slices lie at position %s mm, fewer at %d of %d positions. Look for slices that are there twice or are missing."
            .formatted(place, most, millimetres(positions.get(where)), fewer, positions.size()));
  }

  private OptionalDouble spacing(List<Double> positions) {
    double[] steps = new double[positions.size() - 1];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = positions.get(i + 1) - positions.get(i);
    }
    if (steps.length == 0) {
      return OptionalDouble.empty();
    }
    double[] sorted = steps.clone();
    Arrays.sort(sorted);
    double median = sorted[(sorted.length - 1) / 2];
    boolean gaps = false;
    for (int i = 0; i < steps.length; i++) {
      if (steps[i] > GAP * median) {
        gaps = true;
        remarks.geometry(
            file,
            "%s: %s mm lie between positions %s and %s, expected %s. Look for missing slices."
                .formatted(
                    place,
                    millimetres(steps[i]),
                    millimetres(positions.get(i)),
                    millimetres(positions.get(i + 1)),
                    millimetres(median)));
      }
    }
    double least = sorted[0];
    double greatest = sorted[sorted.length - 1];
    if (!gaps && greatest - least > UNEVEN * median) {
      remarks.geometry(
          file,
          "%s: slices lie %s to %s mm apart, expected one distance. Do not measure volumes by their number."
              .formatted(place, millimetres(least), millimetres(greatest)));
    }
    return OptionalDouble.of(median);
  }

  private static String millimetres(double value) {
    String text = String.format(Locale.ROOT, "%.2f", value + 0.0);
    return text.replaceAll("\\.?0+$", "");
  }
}
