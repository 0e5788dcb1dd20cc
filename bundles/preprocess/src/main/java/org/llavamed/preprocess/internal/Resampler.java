package org.llavamed.preprocess.internal;

import java.nio.ByteBuffer;
import org.llavamed.imaging.Picture;

/**
 * Bicubic resize of a picture to 8-bit RGB, equal to Pillow's byte for byte: first along the rows,
 * rounded to 8 bits, then along the columns. Only what the wanted window needs is computed, and a
 * margin of one colour costs nothing, so that no shape of picture exhausts the memory.
 */
public final class Resampler {
  private final Picture picture;
  private final Canvas canvas;

  /**
   * What is to be resized.
   *
   * @param width of the canvas, in pixels, at least the picture's
   * @param height of the canvas, in pixels, at least the picture's
   * @param red colour of the margin, 0 to 255
   * @param green colour of the margin, 0 to 255
   * @param blue colour of the margin, 0 to 255
   */
  public record Canvas(long width, long height, int red, int green, int blue) {}

  /**
   * What is wanted of the resized canvas.
   *
   * @param width of the whole resized canvas, in pixels
   * @param height of the whole resized canvas, in pixels
   * @param left first column that is wanted
   * @param top first row that is wanted
   * @param side columns and rows that are wanted
   */
  public record Window(long width, long height, long left, long top, int side) {}

  /** Resizes a picture that lies in the middle of a canvas, half a pixel to the left and top. */
  public Resampler(Picture picture, Canvas canvas) {
    this.picture = picture;
    this.canvas = canvas;
  }

  /** Returns the window, RGB. */
  public Picture resample(Window window) {
    int side = window.side();
    AxisWeights columns =
        new AxisWeights(axis(canvas.width(), picture.width()), window.width(), window.left(), side);
    AxisWeights rows =
        new AxisWeights(
            axis(canvas.height(), picture.height()), window.height(), window.top(), side);
    int from = rows.firstRead();
    byte[] resized = alongRows(columns, side, from, rows.lastRead());
    byte[] margin = marginRow(columns, side);
    byte[] out = new byte[side * side * 3];
    for (int y = 0; y < side; y++) {
      alongColumns(rows, y, resized, from, margin, out);
    }
    return new Picture(side, side, 3, ByteBuffer.wrap(out));
  }

  private byte[] alongRows(AxisWeights columns, int side, int from, int to) {
    int channels = picture.channels();
    byte[] resized = new byte[Math.multiplyExact(Math.max(0, to - from), side * 3)];
    byte[] row = new byte[Math.multiplyExact(picture.width(), channels)];
    ByteBuffer pixels = picture.pixels();
    for (int y = from; y < to; y++) {
      pixels.get(Math.multiplyExact(y, row.length), row);
      int at = (y - from) * side * 3;
      for (int x = 0; x < side; x++, at += 3) {
        if (channels == 1) {
          int sum = columns.apply(x, row, columns.first(x), 1);
          put(resized, at, columns.outside(x), sum, sum, sum);
        } else {
          int first = columns.first(x) * 3;
          put(
              resized,
              at,
              columns.outside(x),
              columns.apply(x, row, first, 3),
              columns.apply(x, row, first + 1, 3),
              columns.apply(x, row, first + 2, 3));
        }
      }
    }
    return resized;
  }

  private void put(byte[] to, int at, int outside, int red, int green, int blue) {
    to[at] = AxisWeights.toByte(red + outside * canvas.red());
    to[at + 1] = AxisWeights.toByte(green + outside * canvas.green());
    to[at + 2] = AxisWeights.toByte(blue + outside * canvas.blue());
  }

  private byte[] marginRow(AxisWeights columns, int side) {
    byte[] margin = new byte[side * 3];
    for (int x = 0; x < side; x++) {
      put(margin, x * 3, columns.total(x), 0, 0, 0);
    }
    return margin;
  }

  private static void alongColumns(
      AxisWeights rows, int y, byte[] resized, int from, byte[] margin, byte[] out) {
    int stride = margin.length;
    int first = rows.count(y) == 0 ? 0 : (rows.first(y) - from) * stride;
    int outside = rows.outside(y);
    for (int i = 0; i < stride; i++) {
      int sum = rows.apply(y, resized, first + i, stride) + outside * (margin[i] & 0xff);
      out[y * stride + i] = AxisWeights.toByte(sum);
    }
  }

  private static Axis axis(long canvas, int picture) {
    return new Axis(canvas, (canvas - picture) / 2, picture);
  }
}
