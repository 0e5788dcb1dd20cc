package org.llavamed.annotator.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.llavamed.annotation.Annotation.Finding;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.annotation.Protocol.Choice;
import org.llavamed.annotation.Protocol.ProtocolQuestion;
import org.llavamed.annotator.internal.PictureSource.Source;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.StudyTree.Study;
import org.llavamed.inference.EncodedPicture;
import org.llavamed.inference.Generation;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.Query;
import org.llavamed.inference.VisionLanguageModel;

/** Reads the chosen pictures of a study: decodes, renders, and asks the model. */
final class StudyReading {
  private static final Logger LOG = System.getLogger(StudyReading.class.getName());

  private final PictureSource source;
  private final VisionLanguageModel model;
  private final int maxNewTokens;
  private final Tally tally;
  private final BooleanSupplier stopped;

  StudyReading(
      PictureSource source,
      VisionLanguageModel model,
      int maxNewTokens,
      Tally tally,
      BooleanSupplier stopped) {
    this.source = source;
    this.model = model;
    this.maxNewTokens = maxNewTokens;
    this.tally = tally;
    this.stopped = stopped;
  }

  /**
   * Reads the pictures, in their order; those that fail are left out. Incomplete where it was
   * stopped.
   *
   * @throws ModelException if the model fails
   */
  List<Reading> read(Selection selection) {
    var readings = new ArrayList<Reading>();
    for (Pick pick : selection.picks()) {
      if (stopped.getAsBoolean()) {
        break;
      }
      read(selection.study(), pick)
          .ifPresent(
              reading -> {
                readings.add(reading);
                tally.read();
              });
    }
    return readings;
  }

  private Optional<Reading> read(Study study, Pick pick) {
    try {
      return Optional.of(ask(study, pick, source.read(pick)));
    } catch (ModelException e) {
      throw e;
    } catch (ImagingException e) {
      failed(pick, sentence(pick.instance().file(), e));
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "Reading " + pick.instance().file() + " failed", e);
      failed(
          pick,
          "%s: reading frame %d failed unexpectedly (%s). Report this as an error of the program."
              .formatted(pick.instance().file(), pick.frame() + 1, e));
    }
    return Optional.empty();
  }

  /** A model that refuses a picture does not know the file that it comes from. */
  private static String sentence(Path file, ImagingException e) {
    String sentence = String.valueOf(e.getMessage());
    return sentence.startsWith(file.toString()) ? sentence : file + ": " + sentence;
  }

  private void failed(Pick pick, String sentence) {
    if (!stopped.getAsBoolean()) {
      tally.failed(pick.instance().file(), sentence);
    }
  }

  private Reading ask(Study study, Pick pick, Source found) {
    var findings = new ArrayList<Finding>();
    try (EncodedPicture picture = model.encode(found.frame().picture())) {
      for (ProtocolQuestion question : pick.questions()) {
        if (stopped.getAsBoolean()) {
          break;
        }
        long begin = System.nanoTime();
        var finding = new Finding(question, picture.answer(query(question), text -> {}));
        findings.add(finding);
        tally.answered(study, pick, finding, Duration.ofNanos(System.nanoTime() - begin));
      }
    }
    return new Reading(
        found.object(), pick.frame(), pick.instance().frames(), found.frame(), findings);
  }

  private Query query(ProtocolQuestion question) {
    return new Query(
        question.text(),
        question.choices().stream().map(Choice::text).toList(),
        "",
        Generation.GREEDY.withMaxNewTokens(maxNewTokens));
  }
}
