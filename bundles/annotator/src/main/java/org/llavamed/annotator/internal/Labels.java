package org.llavamed.annotator.internal;

import org.llavamed.imaging.StudyTree.Instance;
import org.llavamed.imaging.StudyTree.Study;

/** Names studies and pictures in words. */
final class Labels {
  private Labels() {}

  /** Returns a study in words: who, modality and description. */
  static String of(Study study) {
    String who = study.patientId().isEmpty() ? study.uid() : study.patientId();
    String modality = study.series().get(0).modality();
    return study.description().isEmpty()
        ? who + " " + modality
        : "%s %s %s".formatted(who, modality, study.description());
  }

  /** Returns a frame of an object in words. */
  static String of(Instance instance, int frame) {
    StringBuilder text = new StringBuilder(instance.modality());
    instance.seriesNumber().ifPresent(n -> text.append(" series ").append(n));
    instance.number().ifPresent(n -> text.append(" image ").append(n));
    if (instance.frames() > 1) {
      text.append(" frame ").append(frame + 1).append(" of ").append(instance.frames());
    }
    return text.append(" (").append(instance.file().getFileName()).append(')').toString();
  }
}
