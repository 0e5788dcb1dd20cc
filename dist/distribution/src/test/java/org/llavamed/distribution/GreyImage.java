package org.llavamed.distribution;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.function.IntBinaryOperator;

/**
 * A picture as grey values, to be compared with what a screen shows.
 *
 * @param width in pixels
 * @param height in pixels
 * @param at grey value at column and row, 0 to 255
 */
record GreyImage(int width, int height, IntBinaryOperator at) {
  private static final int BLACK = 12;
  private static final int WHITE = 200;

  static GreyImage of(BufferedImage image) {
    return new GreyImage(
        image.getWidth(),
        image.getHeight(),
        (x, y) -> {
          int rgb = image.getRGB(x, y);
          return ((rgb >> 16 & 0xff) + (rgb >> 8 & 0xff) + (rgb & 0xff)) / 3;
        });
  }

  /** Returns red less blue, which is the same everywhere where no colour is seen. */
  static GreyImage redLessBlue(BufferedImage image) {
    return new GreyImage(
        image.getWidth(),
        image.getHeight(),
        (x, y) -> {
          int rgb = image.getRGB(x, y);
          return 128 + ((rgb >> 16 & 0xff) - (rgb & 0xff)) / 2;
        });
  }

  GreyImage part(Rectangle box) {
    return new GreyImage(box.width, box.height, (x, y) -> at.applyAsInt(box.x + x, box.y + y));
  }

  /** Returns the picture enlarged or reduced; each pixel is the nearest one, or a mean of many. */
  GreyImage scaledTo(int toWidth, int toHeight) {
    var image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.getRaster().setSample(x, y, 0, at.applyAsInt(x, y));
      }
    }
    var scaled = new BufferedImage(toWidth, toHeight, BufferedImage.TYPE_BYTE_GRAY);
    var graphics = scaled.createGraphics();
    graphics.drawImage(
        image.getScaledInstance(toWidth, toHeight, java.awt.Image.SCALE_SMOOTH), 0, 0, null);
    graphics.dispose();
    return new GreyImage(toWidth, toHeight, (x, y) -> scaled.getRaster().getSample(x, y, 0));
  }

  /** Returns where a picture is seen that a viewer fits into its middle. */
  static Rectangle fitted(int width, int height, Rectangle into) {
    double scale = Math.min(into.getWidth() / width, into.getHeight() / height);
    int w = (int) Math.round(width * scale);
    int h = (int) Math.round(height * scale);
    return new Rectangle(into.x + (into.width - w) / 2, into.y + (into.height - h) / 2, w, h);
  }

  /** Returns how alike two pictures of one size are: their correlation, 1 where they are alike. */
  double likeness(GreyImage other) {
    double n = (double) width * height;
    double a = 0;
    double b = 0;
    double aa = 0;
    double bb = 0;
    double ab = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double p = at.applyAsInt(x, y);
        double q = other.at.applyAsInt(x, y);
        a += p;
        b += q;
        aa += p * p;
        bb += q * q;
        ab += p * q;
      }
    }
    double spread = Math.sqrt((aa - a * a / n) * (bb - b * b / n));
    return spread == 0 ? 0 : (ab - a * b / n) / spread;
  }

  /** Returns the share of pixels that are neither black nor nearly so. */
  double lit() {
    long lit = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        lit += at.applyAsInt(x, y) > 2 * BLACK ? 1 : 0;
      }
    }
    return (double) lit / width / height;
  }

  /**
   * Returns the widest black bar: its first row, in which no text interrupts it, one pixel high.
   */
  Rectangle bar() {
    Rectangle widest = new Rectangle();
    for (int y = 0; y < height; y++) {
      int start = 0;
      for (int x = 0; x <= width; x++) {
        if (x == width || at.applyAsInt(x, y) > BLACK) {
          boolean onWhite = start > 0 && x < width && isWhite(start - 2, y) && isWhite(x + 1, y);
          if (onWhite && x - start > widest.width + 2) {
            widest = new Rectangle(start, y, x - start, 1);
          }
          start = x + 1;
        }
      }
    }
    return widest;
  }

  private boolean isWhite(int x, int y) {
    return x >= 0 && x < width && at.applyAsInt(x, y) > WHITE;
  }
}
