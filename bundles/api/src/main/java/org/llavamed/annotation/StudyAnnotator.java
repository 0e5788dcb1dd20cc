package org.llavamed.annotation;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.annotation.ResultWriter.ResultFile;
import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Annotates files: groups them to studies, chooses pictures, asks the model, writes the results.
 */
@ProviderType
public interface StudyAnnotator {
  /**
   * What to annotate, and how.
   *
   * @param inputs files, folders, DICOMDIR files, zip archives and {@link
   *     org.llavamed.imaging.StudyAssembler#STANDARD_INPUT}; results of ours among them are never
   *     read as pictures, but what is written revises those of the same study and protocol
   * @param questions free questions; where given, they take the place of the protocol's
   * @param protocol protocol file (JSON or YAML); the default protocol where empty
   * @param model model folder; the configured one where empty
   * @param out folder of the results
   * @param formats what to write; empty for the formats that the writer is configured to write
   */
  record Request(
      List<Path> inputs,
      List<String> questions,
      Optional<Path> protocol,
      Optional<Path> model,
      Path out,
      Set<Format> formats) {
    public Request {
      inputs = List.copyOf(inputs);
      questions = List.copyOf(questions);
      formats = Set.copyOf(formats);
    }
  }

  /** Hears what happens, in order, on the working thread. */
  @ConsumerType
  interface Listener {
    /** The inputs are read: so many pictures will be. */
    void planned(int studies, int pictures);

    /** A question is answered. */
    void answered(Reply reply);

    /** The results of a study are written. */
    void written(String studyInstanceUid, List<ResultFile> files, List<String> warnings);

    /** An input is left out, and that is no error: no pixels, or a result of ours. */
    void skipped(Path file, String reason);

    /** Inputs are read but do not fit together, or slices are missing: one sentence. */
    void noted(String sentence);

    /** An input failed: one sentence that names it, the reason and what to do. */
    void failed(String sentence);
  }

  /**
   * One answered question.
   *
   * @param study the study in words: Patient ID or Study Instance UID, with modality and
   *     description
   * @param picture the picture in words: modality, series and instance number, frame, file name
   * @param question what was asked
   * @param answer what was answered
   * @param probability 0 to 1
   * @param time from asking to the whole answer
   */
  record Reply(
      String study,
      String picture,
      String question,
      String answer,
      double probability,
      Duration time) {}

  /**
   * What became of a request.
   *
   * @param studies studies annotated
   * @param pictures pictures read
   * @param skipped inputs left out without error
   * @param failed inputs that failed
   */
  record Summary(int studies, int pictures, int skipped, int failed) {}

  /**
   * Annotates. Failing inputs are reported to the listener and the others are done. Stops between
   * two questions when the thread is interrupted; only whole files are left.
   *
   * @throws AnnotationException if the protocol is invalid or the output folder cannot be used
   * @throws org.llavamed.inference.ModelException if the model cannot be opened
   */
  Summary annotate(Request request, Listener listener);
}
