package org.llavamed.deidentification;

import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/**
 * De-identifies files by the Basic Application Level Confidentiality Profile (PS3.15 annex E, code
 * 113100) and options. Safe for use by several threads.
 */
@ProviderType
public interface Deidentifier {
  /**
   * What identifies an object; empty where it has none.
   *
   * @param patientId Patient ID (0010,0020)
   * @param studyUid Study Instance UID (0020,000D)
   * @param seriesUid Series Instance UID (0020,000E)
   * @param instanceUid SOP Instance UID (0008,0018)
   */
  record Identity(String patientId, String studyUid, String seriesUid, String instanceUid) {}

  /**
   * A file that was written.
   *
   * @param file the new file
   * @param before what identified the original
   * @param after what stands in its place
   */
  record Outcome(Path file, Identity before, Identity after) {}

  /**
   * Writes the de-identified copy of a file, named by its new SOP Instance UID: whole, or not at
   * all. The same file, secret and options give the same bytes. Transfer syntax and pixel data stay
   * as they are.
   *
   * @param folder where to write; made where it is missing
   * @throws org.llavamed.imaging.ImagingException if the file cannot be wholly read, is a directory
   *     of files, holds or may hold text in its pixels that nobody has checked, or the copy cannot
   *     be written or would replace another file
   */
  Outcome deidentify(Path file, Path folder, Policy policy);
}
