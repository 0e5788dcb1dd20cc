package org.llavamed.annotator.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.llavamed.annotation.Annotation.Finding;
import org.llavamed.annotation.ResultWriter.Written;
import org.llavamed.annotation.StudyAnnotator.Listener;
import org.llavamed.annotation.StudyAnnotator.Reply;
import org.llavamed.annotation.StudyAnnotator.Summary;
import org.llavamed.imaging.StudyTree.Study;

/** Passes on to a listener what happens, each failure once, and counts it. */
final class Tally {
  private final Listener listener;
  private final Set<String> sentences = new HashSet<>();
  private final Set<Object> failed = new HashSet<>();
  private int studies;
  private int pictures;
  private int skipped;

  Tally(Listener listener) {
    this.listener = listener;
  }

  void planned(int studies, int pictures) {
    listener.planned(studies, pictures);
  }

  void skipped(Path file, String reason) {
    skipped++;
    listener.skipped(file, reason);
  }

  /** An input failed; the same input may fail several times, and is counted once. */
  void failed(Object input, String sentence) {
    failed.add(input);
    if (sentences.add(sentence)) {
      listener.failed(sentence);
    }
  }

  /** As {@link #failed(Object, String)}, with the error's own sentence. */
  void failed(Object input, RuntimeException error) {
    failed(input, String.valueOf(error.getMessage()));
  }

  /** Something about the inputs does not fit together; they are read all the same. */
  void noted(String sentence) {
    listener.noted(sentence);
  }

  void answered(Study study, Pick pick, Finding finding, Duration time) {
    listener.answered(
        new Reply(
            Labels.of(study),
            Labels.of(pick.instance(), pick.frame()),
            finding.question().text(),
            finding.answer().text(),
            finding.answer().probability(),
            time));
  }

  void read() {
    pictures++;
  }

  void written(Study study, Written written) {
    studies++;
    listener.written(study.uid(), written.files(), written.warnings());
  }

  Summary summary() {
    return new Summary(studies, pictures, skipped, failed.size());
  }
}
