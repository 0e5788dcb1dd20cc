package org.llavamed.preprocess.internal;

import java.nio.ByteBuffer;
import org.llavamed.imaging.Picture;

/** Turns pictures upright as Exif's orientation says (Exif 2.3, section 4.6.4, tag 0x0112). */
final class Orientation {
  private Orientation() {}

  /**
   * Returns the picture upright.
   *
   * @param orientation 1 to 8: where the stored first row and first column are shown
   */
  static Picture upright(Picture stored, int orientation) {
    if (orientation == 1) {
      return stored;
    }
    boolean turned = orientation >= 5;
    int width = turned ? stored.height() : stored.width();
    int height = turned ? stored.width() : stored.height();
    int channels = stored.channels();
    ByteBuffer from = stored.pixels();
    byte[] to = new byte[width * height * channels];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int column = turned ? y : x;
        int row = turned ? x : y;
        if (flipsColumns(orientation)) {
          column = stored.width() - 1 - column;
        }
        if (flipsRows(orientation)) {
          row = stored.height() - 1 - row;
        }
        int source = (row * stored.width() + column) * channels;
        from.get(source, to, (y * width + x) * channels, channels);
      }
    }
    return new Picture(width, height, channels, ByteBuffer.wrap(to));
  }

  private static boolean flipsColumns(int orientation) {
    return orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  }

  private static boolean flipsRows(int orientation) {
    return orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  }
}
