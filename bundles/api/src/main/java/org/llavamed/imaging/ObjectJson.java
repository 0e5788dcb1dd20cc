package org.llavamed.imaging;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/** DICOM files as JSON of PS3.18 annex F, and back. Safe for use by several threads. */
@ProviderType
public interface ObjectJson {
  /**
   * How the text is to look.
   *
   * @param inline whether bulk data is written as InlineBinary; else what is longer than 1,024
   *     bytes, and all pixel data, becomes the BulkDataURI {@code ?length=N} with its bytes
   * @param pretty whether the text is indented; else it is one line
   */
  record Form(boolean inline, boolean pretty) {}

  /**
   * Writes the data set of a file as one JSON object. Nothing is written where the file cannot be
   * read.
   *
   * @throws ImagingException if the file cannot be read, or encapsulated pixel data, which has no
   *     inline form, is to be inline
   */
  void write(Path file, Form form, Writer out) throws IOException;

  /**
   * Writes a data set of JSON as a Part 10 file in Explicit VR Little Endian: whole, or not at all.
   *
   * @param json one JSON object, or an array of one
   * @throws ImagingException if the text is no DICOM JSON or names bulk data that is not inline, or
   *     a file cannot be read or written
   */
  void read(Path json, Path target);
}
