package org.llavamed.command.internal;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.imageio.ImageIO;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.Picture;

/** Pictures as PNG, grey or RGB, 8 bits a sample. */
final class PngFile {
  private PngFile() {}

  /** Returns the file's bytes. */
  static byte[] bytes(Picture picture) {
    boolean grey = picture.channels() == 1;
    var image =
        new BufferedImage(
            picture.width(),
            picture.height(),
            grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
    byte[] pixels = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    picture.pixels().get(pixels);
    if (!grey) {
      for (int i = 0; i < pixels.length; i += 3) {
        byte red = pixels[i];
        pixels[i] = pixels[i + 2];
        pixels[i + 2] = red;
      }
    }
    var out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, "png", out)) {
        throw new IllegalStateException("this Java cannot write PNG; use one with java.desktop");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /**
   * Writes a file: the whole of it, or none.
   *
   * @throws ImagingException if it cannot be written
   */
  static void write(Picture picture, Path file) {
    byte[] png = bytes(picture);
    Path part = file.resolveSibling('.' + file.getFileName().toString() + ".part");
    try {
      try {
        Files.write(part, png);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw ImagingException.unwritable(file, e);
    }
  }
}
