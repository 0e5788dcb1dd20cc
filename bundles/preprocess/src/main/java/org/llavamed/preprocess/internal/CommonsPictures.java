package org.llavamed.preprocess.internal;

import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.apache.commons.imaging.Imaging;
import org.apache.commons.imaging.bytesource.ByteSource;
import org.apache.commons.imaging.common.BufferedImageFactory;
import org.apache.commons.imaging.formats.png.PngImageParser;
import org.apache.commons.imaging.formats.png.PngImagingParameters;
import org.llavamed.imaging.Picture;

/** Decodes PNG, TIFF, GIF and BMP with Commons Imaging. */
final class CommonsPictures {
  private CommonsPictures() {}

  /** Decodes a file of one of the kinds that Commons Imaging tells by its content. */
  static Picture decode(byte[] file) throws IOException {
    checkSize(file);
    return Pixels.of(Imaging.getBufferedImage(new ByteArrayInputStream(file)));
  }

  /** Decodes a PNG file. */
  static Picture png(PngChunks chunks) throws IOException {
    checkSize(chunks.bytes());
    PngImagingParameters parameters = new PngImagingParameters();
    parameters.setBufferedImageFactory(new SameValues());
    return Pixels.of(
        new PngImageParser()
            .getBufferedImage(ByteSource.array(chunks.bytes(), "picture.png"), parameters));
  }

  private static void checkSize(byte[] file) throws IOException {
    Dimension size = Imaging.getImageSize(file);
    Pixels.checkSize(size.width, size.height);
  }

  /**
   * Makes images that keep grey values as they are written. The parser writes them as RGB, and
   * Java's grey images would bring that through a linear colour space, in which dark tones are
   * lost: 3 becomes 0.
   */
  private static final class SameValues implements BufferedImageFactory {
    @Override
    public BufferedImage getColorBufferedImage(int width, int height, boolean hasAlpha) {
      return new BufferedImage(
          width, height, hasAlpha ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
    }

    @Override
    public BufferedImage getGrayscaleBufferedImage(int width, int height, boolean hasAlpha) {
      return getColorBufferedImage(width, height, hasAlpha);
    }
  }
}
