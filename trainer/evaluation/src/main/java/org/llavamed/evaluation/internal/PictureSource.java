package org.llavamed.evaluation.internal;

import java.nio.file.Path;
import org.llavamed.data.AnyPicture;
import org.llavamed.imaging.FrameDecoder;
import org.llavamed.imaging.FrameRenderer;
import org.llavamed.imaging.ObjectReader;
import org.llavamed.imaging.Picture;
import org.llavamed.imaging.PictureReader;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Reads the picture files of a data set, and the first frames of DICOM files, as trained with. */
@Component(service = PictureSource.class)
public final class PictureSource {
  private final AnyPicture pictures;

  /** Takes the services that read, decode and render. */
  @Activate
  public PictureSource(
      @Reference PictureReader pictures,
      @Reference ObjectReader objects,
      @Reference FrameDecoder decoder,
      @Reference FrameRenderer renderer) {
    this.pictures = new AnyPicture(pictures, objects, decoder, renderer);
  }

  /**
   * Reads a file.
   *
   * @throws org.llavamed.imaging.ImagingException if it is missing, damaged or no picture, or a
   *     result of ours
   */
  Picture read(Path file) {
    return pictures.read(file);
  }
}
