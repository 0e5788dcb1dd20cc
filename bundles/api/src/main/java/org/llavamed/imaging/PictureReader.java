package org.llavamed.imaging;

import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Reads picture files that are not DICOM: PNG, JPEG, TIFF, GIF, BMP, by their content, not by their
 * name.
 */
@ProviderType
public interface PictureReader {
  /**
   * Returns whether the file begins like a picture that this reader knows.
   *
   * @throws ImagingException if the file cannot be read
   */
  boolean recognises(Path file);

  /**
   * Reads a picture; the first page or frame where there are several; transparency over black.
   *
   * @throws ImagingException if the file is missing, empty, damaged, too large or of no known
   *     format
   */
  Picture read(Path file);
}
