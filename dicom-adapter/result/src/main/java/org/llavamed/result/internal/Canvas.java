package org.llavamed.result.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.llavamed.dicom.BitmapFont;
import org.llavamed.imaging.Picture;

/** A black 8-bit picture in memory that pictures and white text are put on. */
final class Canvas {
  private static final byte WHITE = (byte) 0xFF;

  private final BitmapFont font;
  private final int width;
  private final int height;
  private final int channels;
  private final byte[] pixels;

  /**
   * Makes a black canvas.
   *
   * @param channels 1 (grey) or 3 (RGB, pixel by pixel)
   */
  Canvas(BitmapFont font, int width, int height, int channels) {
    this.font = font;
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.pixels = new byte[Math.multiplyExact(Math.multiplyExact(width, height), channels)];
  }

  /** Puts a picture of as many channels; the upper left corner lies at the given place. */
  void draw(Picture picture, PictureScale scale, int left, int top) {
    ByteBuffer source = picture.pixels();
    int drawnWidth = scale.width(picture);
    int drawnHeight = scale.height(picture);
    for (int y = 0; y < drawnHeight; y++) {
      int row = scale.source(y) * picture.width();
      int to = ((top + y) * width + left) * channels;
      for (int x = 0; x < drawnWidth; x++) {
        int from = (row + scale.source(x)) * channels;
        for (int c = 0; c < channels; c++) {
          pixels[to++] = source.get(from + c);
        }
      }
    }
  }

  /** Writes one line in white, each pixel of the font {@code size} pixels wide and high. */
  void write(String line, int left, int top, int size) {
    int x = left;
    for (int character : BitmapFont.characters(line)) {
      for (int dy = 0; dy < BitmapFont.HEIGHT; dy++) {
        for (int dx = 0; dx < BitmapFont.WIDTH; dx++) {
          if (font.isSet(character, dx, dy)) {
            fill(x + dx * size, top + dy * size, size);
          }
        }
      }
      x += BitmapFont.WIDTH * size;
    }
  }

  private void fill(int left, int top, int size) {
    for (int y = top; y < top + size; y++) {
      int from = (y * width + left) * channels;
      Arrays.fill(pixels, from, from + size * channels, WHITE);
    }
  }

  /** Returns the picture; the canvas is not used after it. */
  Picture picture() {
    return new Picture(width, height, channels, ByteBuffer.wrap(pixels));
  }
}
