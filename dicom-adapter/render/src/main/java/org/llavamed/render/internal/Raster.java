package org.llavamed.render.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.Picture;

/**
 * A picture that is drawn on. Points are corners of pixels: the first pixel reaches from 0 to 1 in
 * both directions. What lies outside is left out. Not for use by several threads.
 */
final class Raster {
  /** All that is drawn may touch so many pixels, and the whole picture so many times. */
  static final long WORK = 1L << 27;

  private static final int TIMES = 16;

  /** Greatest distance of a point from the origin. */
  static final double FARTHEST = 1e6;

  private final String where;
  private final int width;
  private final int height;
  private final int channels;
  private final byte[] pixels;
  private long work;

  private Raster(String where, int width, int height, int channels, byte[] pixels) {
    this.where = where;
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.pixels = pixels;
  }

  /**
   * Copies a picture.
   *
   * @param where what is drawn from, for messages
   */
  static Raster of(String where, Picture picture) {
    byte[] pixels = new byte[picture.pixels().remaining()];
    picture.pixels().get(pixels);
    return new Raster(where, picture.width(), picture.height(), picture.channels(), pixels);
  }

  /** Copies a picture, enlarged by a whole number in both directions. */
  static Raster of(String where, Picture picture, int factor) {
    int width = picture.width() * factor;
    int channels = picture.channels();
    byte[] pixels = new byte[width * picture.height() * factor * channels];
    ByteBuffer source = picture.pixels();
    for (int to = 0; to < pixels.length; to += channels) {
      int x = to / channels % width / factor;
      int y = to / channels / width / factor;
      source.get((y * picture.width() + x) * channels, pixels, to, channels);
    }
    return new Raster(where, width, picture.height() * factor, channels, pixels);
  }

  /** Makes a raster of zeros of one channel. */
  static Raster blank(String where, int width, int height) {
    return new Raster(where, width, height, 1, new byte[width * height]);
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** Returns the picture; the raster is not used after it. */
  Picture picture() {
    return new Picture(width, height, channels, ByteBuffer.wrap(pixels));
  }

  /** Returns the first channel of a pixel. */
  int get(int x, int y) {
    return pixels[(y * width + x) * channels] & 0xFF;
  }

  void set(int x, int y, int value) {
    if (x >= 0 && x < width && y >= 0 && y < height) {
      int at = (y * width + x) * channels;
      Arrays.fill(pixels, at, at + channels, (byte) value);
    }
  }

  /**
   * Draws lines from each point to the next, one pixel wide.
   *
   * @param points x and y by turns
   * @throws ImagingException if a point lies too far out or too much is drawn
   */
  void lines(double[] points, int value) {
    check(points);
    for (int i = 0; i + 3 < points.length; i += 2) {
      double dx = points[i + 2] - points[i];
      double dy = points[i + 3] - points[i + 1];
      int steps = (int) Math.ceil(Math.max(Math.abs(dx), Math.abs(dy)));
      count(steps);
      for (int step = 0; step <= steps; step++) {
        double part = steps == 0 ? 0 : (double) step / steps;
        set(
            (int) Math.floor(points[i] + dx * part),
            (int) Math.floor(points[i + 1] + dy * part),
            value);
      }
    }
  }

  /**
   * Fills a polygon, by the even-odd rule: each pixel whose centre lies within.
   *
   * @param points x and y by turns; the last is joined to the first
   * @throws ImagingException if a point lies too far out or too much is drawn
   */
  void fill(double[] points, int value) {
    check(points);
    int top = height;
    int bottom = 0;
    for (int i = 1; i < points.length; i += 2) {
      top = Math.min(top, firstCentre(points[i], height));
      bottom = Math.max(bottom, firstCentre(points[i], height));
    }
    count((long) Math.max(0, bottom - top) * width);
    boolean[] crossed = new boolean[Math.max(0, bottom - top) * (width + 1)];
    for (int i = 0; i < points.length; i += 2) {
      int next = (i + 2) % points.length;
      cross(crossed, top, new double[] {points[i], points[i + 1], points[next], points[next + 1]});
    }
    for (int y = top; y < bottom; y++) {
      boolean inside = false;
      for (int x = 0; x < width; x++) {
        inside ^= crossed[(y - top) * (width + 1) + x];
        if (inside) {
          set(x, y, value);
        }
      }
    }
  }

  /** Marks, in each row whose centre an edge crosses, the first pixel centre behind the edge. */
  private void cross(boolean[] crossed, int top, double[] edge) {
    int from = firstCentre(Math.min(edge[1], edge[3]), height);
    int to = firstCentre(Math.max(edge[1], edge[3]), height);
    count(to - from);
    for (int y = from; y < to; y++) {
      double x = edge[0] + (y + 0.5 - edge[1]) / (edge[3] - edge[1]) * (edge[2] - edge[0]);
      crossed[(y - top) * (width + 1) + firstCentre(x, width)] ^= true;
    }
  }

  /** Returns the first pixel of a row or column whose centre does not lie before a point. */
  private static int firstCentre(double point, int length) {
    return (int) Math.max(0, Math.min(length, Math.ceil(point - 0.5)));
  }

  private void check(double[] points) {
    for (double point : points) {
      if (!(Math.abs(point) <= FARTHEST)) {
        throw LookupTable.damaged(
            where,
            "A graphic or shutter has a point at %s, expected at most %.0f pixels from the origin"
                .formatted(point, FARTHEST));
      }
    }
  }

  /**
   * Counts pixels that are about to be drawn.
   *
   * @throws ImagingException if too much is drawn
   */
  void count(long touched) {
    work += touched;
    long most = WORK + (long) TIMES * width * height;
    if (work > most) {
      throw LookupTable.damaged(where, "Its graphics touch more than %d pixels".formatted(most));
    }
  }
}
