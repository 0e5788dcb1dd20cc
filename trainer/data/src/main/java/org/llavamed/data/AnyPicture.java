package org.llavamed.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.FrameDecoder;
import org.llavamed.imaging.FrameRenderer;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.ObjectReader;
import org.llavamed.imaging.Picture;
import org.llavamed.imaging.PictureReader;

/** Makes a picture of any picture file; of a DICOM file, of its first frame. */
public final class AnyPicture {
  private static final int PREAMBLE = 128;
  private static final String PREFIX = "DICM";

  private final PictureReader pictures;
  private final ObjectReader objects;
  private final FrameDecoder decoder;
  private final FrameRenderer renderer;

  /** Takes the services that read, decode and render. */
  public AnyPicture(
      PictureReader pictures, ObjectReader objects, FrameDecoder decoder, FrameRenderer renderer) {
    this.pictures = pictures;
    this.objects = objects;
    this.decoder = decoder;
    this.renderer = renderer;
  }

  /**
   * Returns whether a file is a picture of a format that is not DICOM.
   *
   * @throws ImagingException if the file cannot be read
   */
  public boolean isPlain(Path file) {
    return !isPart10(file) && pictures.recognises(file);
  }

  /**
   * Reads a file.
   *
   * @throws ImagingException if it is missing, damaged or no picture, or a result of ours
   */
  public Picture read(Path file) {
    if (isPlain(file)) {
      return pictures.read(file);
    }
    DicomObject object = objects.read(file);
    if (ResearchMark.isOurs(object.attributes())) {
      throw ImagingException.unsupported(
          file, "a result of " + ResearchMark.MANUFACTURER + " as an input", "Name the original");
    }
    return renderer.render(object, decoder.decode(object, 0), 0).picture();
  }

  /**
   * Returns whether a file has the prefix of PS3.10 section 7.1. It is looked for first, since the
   * preamble before it may hold the header of another format, TIFF for one.
   */
  private static boolean isPart10(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(PREAMBLE + PREFIX.length());
      return new String(head, StandardCharsets.ISO_8859_1).startsWith(PREFIX, PREAMBLE);
    } catch (IOException e) {
      throw ImagingException.unreadable(file, e);
    }
  }
}
