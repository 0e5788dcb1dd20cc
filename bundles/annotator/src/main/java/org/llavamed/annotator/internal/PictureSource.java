package org.llavamed.annotator.internal;

import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.FrameDecoder;
import org.llavamed.imaging.FrameRenderer;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.ObjectReader;
import org.llavamed.imaging.RenderedFrame;

/**
 * The services that make a picture of a file.
 *
 * @param reader reads the object
 * @param decoder decodes a frame
 * @param renderer renders a frame
 */
record PictureSource(ObjectReader reader, FrameDecoder decoder, FrameRenderer renderer) {
  /**
   * A picture and the object that it comes from.
   *
   * @param object the object
   * @param frame the rendered frame
   */
  record Source(DicomObject object, RenderedFrame frame) {}

  /**
   * Reads, decodes and renders a frame.
   *
   * @throws ImagingException if that fails
   */
  Source read(Pick pick) {
    DicomObject object = reader.read(pick.instance().file());
    return new Source(
        object, renderer.render(object, decoder.decode(object, pick.frame()), pick.frame()));
  }
}
