package org.llavamed.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.llavamed.imaging.Picture;

/** Pictures made for tests. */
final class Pictures {
  private Pictures() {}

  /** The value of a sample of a picture. */
  interface Values {
    int at(int x, int y, int channel);
  }

  static Picture of(int width, int height, int channels, Values values) {
    ByteBuffer pixels = ByteBuffer.allocate(width * height * channels);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < channels; c++) {
          pixels.put((byte) values.at(x, y, c));
        }
      }
    }
    return new Picture(width, height, channels, pixels.flip());
  }

  static int at(Picture picture, int x, int y, int channel) {
    return picture.pixels().get((y * picture.width() + x) * picture.channels() + channel) & 0xff;
  }

  /** Writes a small grey PNG of one value; the folder is made where it is not there. */
  static Path png(Path file, int value) throws IOException {
    var image = new BufferedImage(5, 4, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 20; i++) {
      image.getRaster().setSample(i % 5, i / 5, 0, value);
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    if (!ImageIO.write(image, "png", file.toFile())) {
      throw new IOException("no writer for PNG");
    }
    return file;
  }
}
