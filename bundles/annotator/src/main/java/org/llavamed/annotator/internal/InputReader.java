package org.llavamed.annotator.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavamed.imaging.StudyTree;
import org.llavamed.imaging.StudyTree.Content;
import org.llavamed.imaging.StudyTree.Instance;
import org.llavamed.imaging.StudyTree.Remark;
import org.llavamed.imaging.StudyTree.Series;
import org.llavamed.imaging.StudyTree.Study;

/**
 * Takes the pictures out of what was put together. Objects without pixels, results of ours and
 * objects whose pixels are no picture are left out by name.
 */
final class InputReader {
  /** Storage SOP classes (PS3.4 B.5) whose pixels are a computed map, not a picture. */
  private static final Map<String, String> NO_PICTURE =
      Map.of(
          "1.2.840.10008.5.1.4.1.1.66.4", "segmentation",
          "1.2.840.10008.5.1.4.1.1.66.7", "label map segmentation",
          "1.2.840.10008.5.1.4.1.1.481.2", "radiotherapy dose");

  private final Tally tally;

  InputReader(Tally tally) {
    this.tally = tally;
  }

  /** Reports the remarks and returns the studies that have pictures, with nothing else in them. */
  List<Study> pictures(StudyTree tree) {
    tree.remarks().forEach(this::report);
    return tree.studies().flatMap(study -> pictures(study).stream()).toList();
  }

  private void report(Remark remark) {
    switch (remark.kind()) {
      case LEFT_OUT -> tally.skipped(remark.file(), remark.text());
      case FAILED -> tally.failed(remark.text(), remark.text());
      case INCONSISTENT, GEOMETRY -> tally.noted(remark.text());
    }
  }

  private Optional<Study> pictures(Study study) {
    var series = new ArrayList<Series>();
    for (Series all : study.series()) {
      List<Instance> pictures = all.instances().stream().filter(this::isPicture).toList();
      if (!pictures.isEmpty()) {
        series.add(
            new Series(
                all.uid(),
                all.number(),
                all.description(),
                all.modality(),
                pictures,
                all.stacks()));
      }
    }
    return series.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Study(study.uid(), study.patientId(), study.date(), study.description(), series));
  }

  private boolean isPicture(Instance instance) {
    Optional<String> reason = reason(instance);
    reason.ifPresent(text -> tally.skipped(instance.file(), text));
    return reason.isEmpty();
  }

  private static Optional<String> reason(Instance instance) {
    if (instance.content() == Content.RESULT) {
      return Optional.of("result of this program");
    }
    if (instance.content() == Content.NO_PIXELS) {
      return Optional.of("no pixels (%s)".formatted(instance.modality()));
    }
    return Optional.ofNullable(NO_PICTURE.get(instance.sopClassUid()))
        .map(what -> what + ", no picture");
  }
}
