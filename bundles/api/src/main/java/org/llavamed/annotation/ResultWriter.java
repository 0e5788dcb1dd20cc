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
    SC
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
   * @param warnings source values that were left out because they are not valid, one sentence each
   */
  record Written(List<ResultFile> files, List<String> warnings) {
    public Written {
      files = List.copyOf(files);
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * Writes the annotation into a folder, each file whole or not at all (temporary file, then move).
   *
   * @param out created where it is missing
   * @throws AnnotationException if a file cannot be written
   */
  Written write(Annotation annotation, Set<Format> formats, Path out);
}
