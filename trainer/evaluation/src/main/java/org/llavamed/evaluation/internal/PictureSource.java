package org.llavamed.evaluation.internal;

import java.nio.file.Path;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.FrameDecoder;
import org.llavamed.imaging.FrameRenderer;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.ObjectReader;
import org.llavamed.imaging.Picture;
import org.llavamed.imaging.PictureReader;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Reads the picture files of a data set, and the first frames of DICOM files, as trained with. */
@Component(service = PictureSource.class)
public final class PictureSource {
  private final PictureReader pictures;
  private final ObjectReader objects;
  private final FrameDecoder decoder;
  private final FrameRenderer renderer;

  /** Takes the services that read, decode and render. */
  @Activate
  public PictureSource(
      @Reference PictureReader pictures,
      @Reference ObjectReader objects,
      @Reference FrameDecoder decoder,
      @Reference FrameRenderer renderer) {
    this.pictures = pictures;
    this.objects = objects;
    this.decoder = decoder;
    this.renderer = renderer;
  }

  /**
   * Reads a file.
   *
   * @throws ImagingException if it is missing, damaged or no picture, or a result of ours
   */
  Picture read(Path file) {
    if (pictures.recognises(file)) {
      return pictures.read(file);
    }
    DicomObject object = objects.read(file);
    if (ResearchMark.isOurs(object.attributes())) {
      throw ImagingException.unsupported(
          file, "a result of " + ResearchMark.MANUFACTURER + " as an input", "Name the original");
    }
    return renderer.render(object, decoder.decode(object, 0), 0).picture();
  }
}
