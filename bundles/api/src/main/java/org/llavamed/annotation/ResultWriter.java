package org.llavamed.annotation;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Writes an annotation as result objects. The same annotation gives the same bytes and the same SOP
 * Instance UIDs: dates come from the source and the model, never from the clock.
 */
@ProviderType
public interface ResultWriter {
  /** A kind of result. */
  enum Format {
    /** JSON of a published schema, for programs. */
    JSON,
    /** Comprehensive 3D SR, TID 1500, for programs. */
    SR,
    /** Enhanced SR, for readers in a viewer. */
    REPORT,
    /**
     * Secondary Capture of each picture read, with the answers and the research notice burned in.
     */
    SC,
    /** Encapsulated PDF: the pictures with questions and answers on pages, for printing. */
    PDF,
    /**
     * Softcopy Presentation States: questions and answers as text over the pictures themselves, one
     * object for each series and way of display.
     */
    GSPS,
    /** Key Object Selection of the pictures read. */
    KO,
    /** What SC shows as frames of multi-frame Secondary Captures, one for grey, one for colour. */
    MFSC
  }

  /**
   * A file that was written.
   *
   * @param format what it is
   * @param file where it lies
   * @param sopInstanceUid SOP Instance UID; empty for JSON
   */
  record ResultFile(Format format, Path file, String sopInstanceUid) {}

  /**
   * What was written.
   *
   * @param files in the order of {@link Format}
   * @param warnings what was left out, and why: source values that are not valid, pictures that a
   *     format cannot hold; one sentence each
   */
  record Written(List<ResultFile> files, List<String> warnings) {
    public Written {
      files = List.copyOf(files);
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * Writes the annotation into a folder, each file whole or not at all (temporary file, then move).
   * Results of the same study and protocol that lie in the folder or among {@code earlier} are
   * taken into account: what says the same is written again as it was, what says something else
   * becomes a revision, which is a new object in the same series and names its predecessors where
   * objects of its kind can.
   *
   * @param formats what to write; empty for the formats that the writer is configured to write
   * @param out created where it is missing
   * @param earlier files with earlier results; those of other studies and protocols, and files that
   *     cannot be read, are left alone
   * @throws AnnotationException if a file cannot be written
   */
  Written write(Annotation annotation, Set<Format> formats, Path out, List<Path> earlier);

  /** As {@link #write(Annotation, Set, Path, List)}; earlier results are in the folder only. */
  default Written write(Annotation annotation, Set<Format> formats, Path out) {
    return write(annotation, formats, out, List.of());
  }
}
