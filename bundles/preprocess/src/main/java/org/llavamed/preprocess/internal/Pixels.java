package org.llavamed.preprocess.internal;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.llavamed.imaging.Picture;

/** Brings decoded pictures to 8 bits, grey or RGB, transparency over black. */
final class Pixels {
  /** Most pixels of a picture: 67 million. */
  static final long MOST_PIXELS = 1L << 26;

  private final int width;
  private final int height;
  private final byte[] rgb;
  private boolean grey = true;

  private Pixels(int width, int height) {
    this.width = width;
    this.height = height;
    this.rgb = new byte[width * height * 3];
  }

  /** Refuses sizes that no picture of ours has, before anything is decoded. */
  static void checkSize(long width, long height) throws IOException {
    if (width < 1 || height < 1 || width > MOST_PIXELS || width * height > MOST_PIXELS) {
      throw new IOException(
          "%d x %d pixels, expected 1 to %d in all".formatted(width, height, MOST_PIXELS));
    }
  }

  /** Returns a decoded picture. Sample values are taken as they are, whatever the colour space. */
  static Picture of(BufferedImage image) throws IOException {
    Pixels pixels = new Pixels(image.getWidth(), image.getHeight());
    if (image.getColorModel() instanceof IndexColorModel) {
      pixels.indexed(image);
    } else {
      pixels.direct(image.getRaster(), image.getColorModel().hasAlpha());
    }
    return pixels.picture();
  }

  /** Returns a raster of cyan, magenta, yellow and black, 8 bits each. */
  static Picture ofCmyk(Raster raster, Cmyk way) {
    Pixels pixels = new Pixels(raster.getWidth(), raster.getHeight());
    int[] row = new int[pixels.width * 4];
    for (int y = 0; y < pixels.height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, pixels.width, 1, row);
      for (int x = 0; x < pixels.width; x++) {
        way.toLight(row, 4 * x);
        int black = row[4 * x + 3];
        pixels.put(
            y * pixels.width + x,
            scaled(row[4 * x] * black, 255),
            scaled(row[4 * x + 1] * black, 255),
            scaled(row[4 * x + 2] * black, 255));
      }
    }
    return pixels.picture();
  }

  private void indexed(BufferedImage image) {
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        int argb = row[x];
        int alpha = argb >>> 24;
        put(
            y * width + x,
            scaled((argb >> 16 & 0xff) * alpha, 255),
            scaled((argb >> 8 & 0xff) * alpha, 255),
            scaled((argb & 0xff) * alpha, 255));
      }
    }
  }

  private void direct(Raster raster, boolean hasAlpha) throws IOException {
    int bands = raster.getNumBands();
    int colours = hasAlpha ? bands - 1 : bands;
    if (colours != 1 && colours != 3) {
      throw new IOException(colours + " colours, expected 1 (grey) or 3 (RGB)");
    }
    int most = raster.getSampleModel().getDataType() == DataBuffer.TYPE_USHORT ? 65535 : 255;
    int[] row = new int[width * bands];
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int at = x * bands;
        int alpha = hasAlpha ? scaled(row[at + colours], most / 255) : 255;
        int red = scaled(scaled(row[at], most / 255) * alpha, 255);
        int green = colours == 1 ? red : scaled(scaled(row[at + 1], most / 255) * alpha, 255);
        int blue = colours == 1 ? red : scaled(scaled(row[at + 2], most / 255) * alpha, 255);
        put(y * width + x, red, green, blue);
      }
    }
  }

  private static int scaled(int value, int by) {
    return (value + by / 2) / by;
  }

  private void put(int pixel, int red, int green, int blue) {
    rgb[3 * pixel] = (byte) red;
    rgb[3 * pixel + 1] = (byte) green;
    rgb[3 * pixel + 2] = (byte) blue;
    grey &= red == green && green == blue;
  }

  /** One channel says as much as three where they are equal. */
  private Picture picture() {
    if (!grey) {
      return new Picture(width, height, 3, ByteBuffer.wrap(rgb));
    }
    byte[] values = new byte[width * height];
    for (int i = 0; i < values.length; i++) {
      values[i] = rgb[3 * i];
    }
    return new Picture(width, height, 1, ByteBuffer.wrap(values));
  }
}
