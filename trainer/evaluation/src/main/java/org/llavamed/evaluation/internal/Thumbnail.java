package org.llavamed.evaluation.internal;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.llavamed.imaging.Picture;

/** Small copies of pictures, for pages that stand for themselves. */
final class Thumbnail {
  /** Longer side, in pixels. */
  private static final int SIDE = 192;

  private static final int GREYS = 1;

  private Thumbnail() {}

  /** Returns a small copy as the address of a JPEG that holds the picture itself. */
  static String dataUri(Picture picture) {
    BufferedImage small = scaled(image(picture));
    var out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(small, "jpeg", out)) {
        throw new IllegalStateException("this Java cannot write JPEG; use one with java.desktop");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(out.toByteArray());
  }

  private static BufferedImage image(Picture picture) {
    var image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
    ByteBuffer pixels = picture.pixels();
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < picture.width(); x++) {
        int red = pixels.get() & 0xFF;
        int green = picture.channels() == GREYS ? red : pixels.get() & 0xFF;
        int blue = picture.channels() == GREYS ? red : pixels.get() & 0xFF;
        image.setRGB(x, y, red << 16 | green << 8 | blue);
      }
    }
    return image;
  }

  /** Halves the picture until one step is left, so that no pixel is left out. */
  private static BufferedImage scaled(BufferedImage image) {
    BufferedImage result = image;
    while (Math.max(result.getWidth(), result.getHeight()) > SIDE) {
      double longer = Math.max(result.getWidth(), result.getHeight());
      double factor = Math.max(0.5, SIDE / longer);
      result =
          drawn(
              result,
              Math.max(1, (int) (result.getWidth() * factor)),
              Math.max(1, (int) (result.getHeight() * factor)));
    }
    return result;
  }

  private static BufferedImage drawn(BufferedImage image, int width, int height) {
    var small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = small.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(image, 0, 0, width, height, null);
    graphics.dispose();
    return small;
  }
}
