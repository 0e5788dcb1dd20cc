package org.llavamed.imaging;

import java.nio.file.Path;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One DICOM object as read from a file: its attributes, and its pixel data left where it is until
 * asked for. Safe for use by several threads.
 */
@ProviderType
public interface DicomObject {
  /** Returns the file that the object was read from. */
  Path file();

  /**
   * Returns the Transfer Syntax UID (0002,0010), or the one that was recognised where the file has
   * none.
   */
  String transferSyntaxUid();

  /** Returns the data set, without pixel data and without the file meta information. */
  Attributes attributes();

  /** Returns the pixel data, where the object has some. */
  Optional<PixelData> pixelData();
}
