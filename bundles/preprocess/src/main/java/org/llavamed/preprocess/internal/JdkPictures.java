package org.llavamed.preprocess.internal;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.llavamed.imaging.Picture;

/** Decodes PNG and JPEG with the JDK. */
final class JdkPictures {
  private JdkPictures() {}

  /** Decodes a PNG file. */
  static Picture png(PngChunks chunks) throws IOException {
    return decode("png", chunks.bytes(), JdkPictures::direct);
  }

  /** Decodes a JPEG file, turned as its Exif orientation says. */
  static Picture jpeg(byte[] file) throws IOException {
    JpegHeader header = JpegHeader.of(file);
    Picture picture =
        decode(
            "jpeg",
            file,
            header.components() == 4
                ? reader -> cmyk(reader, header.adobeTransform())
                : JdkPictures::direct);
    return Orientation.upright(picture, header.orientation());
  }

  /** One way to get the pixels out of a reader. */
  @FunctionalInterface
  private interface Decoding {
    Picture of(ImageReader reader) throws IOException;
  }

  private static Picture decode(String format, byte[] file, Decoding decoding) throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    if (!readers.hasNext()) {
      throw new IOException("this Java platform has no reader for " + format);
    }
    ImageReader reader = readers.next();
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      reader.setInput(in, true, true);
      Pixels.checkSize(reader.getWidth(0), reader.getHeight(0));
      return decoding.of(reader);
    } finally {
      reader.dispose();
    }
  }

  private static Picture direct(ImageReader reader) throws IOException {
    return Pixels.of(reader.read(0));
  }

  private static Picture cmyk(ImageReader reader, int transform) throws IOException {
    Raster raster = reader.readRaster(0, null);
    return Pixels.ofCmyk(raster, Cmyk.of(transform));
  }
}
