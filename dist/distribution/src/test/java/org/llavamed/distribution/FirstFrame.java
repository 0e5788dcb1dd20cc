package org.llavamed.distribution;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.imaging.DicomObject;

/** The first frame of a capture, as it is to be seen. */
final class FirstFrame {
  private FirstFrame() {}

  /** Reads 8 bits grey or native RGB by pixel. */
  static BufferedImage of(Path file) {
    DicomObject object = new Part10Reader().read(file);
    int width = object.attributes().integer(Tag.Columns).orElseThrow();
    int height = object.attributes().integer(Tag.Rows).orElseThrow();
    int samples = object.attributes().integer(Tag.SamplesPerPixel).orElseThrow();
    ByteBuffer pixels = object.pixelData().orElseThrow().slice(0, samples * width * height);
    var picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int pixel = 0; pixel < width * height; pixel++) {
      for (int band = 0; band < 3; band++) {
        int value = pixels.get(pixel * samples + (samples == 1 ? 0 : band)) & 0xff;
        picture.getRaster().setSample(pixel % width, pixel / width, band, value);
      }
    }
    return picture;
  }
}
