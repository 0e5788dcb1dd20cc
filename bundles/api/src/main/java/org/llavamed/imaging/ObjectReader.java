package org.llavamed.imaging;

import java.nio.file.Path;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Reads DICOM files of the Part 10 format (PS3.10 section 7), and data sets that lack its header.
 * Safe for use by several threads.
 */
@ProviderType
public interface ObjectReader {
  /**
   * Reads a file. Pixel data stays in the file.
   *
   * @throws ImagingException if the file is missing, empty, not DICOM, truncated or damaged; the
   *     message names the file, the tag and the offset
   */
  DicomObject read(Path file);

  /**
   * Tells by its first bytes what a file plainly is instead of DICOM.
   *
   * @return for example {@code a PNG picture}; empty for DICOM, for what may be damaged DICOM, for
   *     archives, which may hold it, for what cannot be read and for what is no regular file
   */
  default Optional<String> otherKind(Path file) {
    return Optional.empty();
  }
}
