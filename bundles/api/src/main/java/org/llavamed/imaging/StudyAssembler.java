package org.llavamed.imaging;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Puts files together to patients, studies, series and instances. Only headers are read. Safe for
 * use by several threads.
 */
@ProviderType
public interface StudyAssembler {
  /** The input that stands for standard input: one DICOM object, or one zip archive. */
  Path STANDARD_INPUT = Path.of("-");

  /**
   * What was put together. Objects of archives and of standard input were unpacked to a folder that
   * lives until this is closed.
   */
  interface Assembly extends AutoCloseable {
    /** Returns the patients with their studies, and what there is to say about them. */
    StudyTree tree();

    @Override
    void close();
  }

  /**
   * Reads the inputs. What cannot be read or used is remarked on, and the others are done. Stops
   * early where the thread is interrupted.
   *
   * @param inputs files, folders with everything below them, DICOMDIR files with what they refer
   *     to, zip archives, {@link #STANDARD_INPUT}
   * @param leftOut a folder that is not visited where it lies below an input
   */
  Assembly assemble(List<Path> inputs, Optional<Path> leftOut);
}
