package org.llavamed.dimse.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.llavamed.dicom.DataSets;
import org.llavamed.dicom.Part10Object;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.imaging.ImagingException;

/** Brings objects to another transfer syntax where a peer does not take the one they have. */
final class Transcoder {
  /** A data set that can be written once. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Returns the data set of a file in an uncompressed transfer syntax.
   *
   * @throws ImagingException if the file cannot be read or its frames cannot be decoded
   */
  Content transcode(Path file, String transferSyntaxUid) {
    Part10Object object = new Part10Reader().read(file);
    if (object.pixelData().filter(pixels -> pixels.encapsulated()).isPresent()) {
      throw ImagingException.unsupported(
          file, "Decompressing an object", "Decompress it with another program first");
    }
    return out -> DataSets.write(object.whole(), transferSyntaxUid, out);
  }
}
