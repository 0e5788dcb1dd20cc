package org.llavamed.data;

import java.nio.ByteBuffer;
import org.llavamed.imaging.Picture;

/**
 * Random changes of a picture, new in each epoch. There is no left-right flip: it would make a left
 * lung a right one. What a sample's picture becomes follows from the seed, the epoch, the sample
 * and how often the epoch took it before, and from nothing else.
 *
 * @param rotation most degrees to either side, 0 to 45
 * @param crop most of each edge that is cut off, as a share, 0 to 0.5; the picture gets smaller by
 *     as much
 * @param brightness most that is added to or taken from all values, as a share of the full range
 * @param contrast most by which the distances from the mean colour grow or shrink, as a share
 * @param noise standard deviation of what is added to each pixel, one number for all its channels,
 *     as a share of the full range
 */
public record Augmentation(
    double rotation, double crop, double brightness, double contrast, double noise) {
  /** Changes nothing. */
  public static final Augmentation NONE = new Augmentation(0, 0, 0, 0, 0);

  private static final double FULL = 255;

  public Augmentation {
    expect("rotation", rotation, 45);
    expect("crop", crop, 0.5);
    expect("brightness", brightness, 0.5);
    expect("contrast", contrast, 0.5);
    expect("noise", noise, 0.5);
  }

  /**
   * What is done to one picture.
   *
   * @param angle by which it is turned, counterclockwise, in degrees
   * @param kept share of its edges that is kept
   * @param right share of what is cut off that lies on the left
   * @param down share of what is cut off that lies on top
   * @param brightness added to all values, 0 to 255
   * @param contrast by which distances from the mean colour are multiplied
   * @param noise standard deviation, 0 to 255
   */
  record Change(
      double angle,
      double kept,
      double right,
      double down,
      double brightness,
      double contrast,
      double noise) {}

  /**
   * Returns the picture, changed in another way each time an epoch takes the sample.
   *
   * @param seed of the run
   * @param take the sample, by its number in the data
   * @param epoch from 0
   */
  public Picture apply(Picture picture, long seed, BatchPlan.Take take, long epoch) {
    if (equals(NONE)) {
      return picture;
    }
    Chance chance = Chance.of("augmentation", seed, take.sample(), take.before(), epoch);
    var change =
        new Change(
            rotation * chance.signed(),
            1 - crop * chance.share(),
            chance.share(),
            chance.share(),
            brightness * FULL * chance.signed(),
            1 + contrast * chance.signed(),
            noise * FULL);
    return apply(picture, change, chance);
  }

  /** Returns the picture, changed; what lies outside of it has its mean colour. */
  static Picture apply(Picture picture, Change change, Chance chance) {
    int channels = picture.channels();
    int width = Math.max(1, (int) Math.round(picture.width() * change.kept()));
    int height = Math.max(1, (int) Math.round(picture.height() * change.kept()));
    double radians = Math.toRadians(change.angle());
    double cos = StrictMath.cos(radians);
    double sin = StrictMath.sin(radians);
    double centreX = Math.round((picture.width() - width) * change.right()) + width / 2.0;
    double centreY = Math.round((picture.height() - height) * change.down()) + height / 2.0;
    var source = new Source(picture);
    ByteBuffer out = ByteBuffer.allocate(Math.multiplyExact(width * height, channels));
    for (int y = 0; y < height; y++) {
      double dy = y + 0.5 - height / 2.0;
      for (int x = 0; x < width; x++) {
        double dx = x + 0.5 - width / 2.0;
        source.at(centreX + cos * dx - sin * dy - 0.5, centreY + sin * dx + cos * dy - 0.5);
        double added =
            change.brightness() + (change.noise() > 0 ? change.noise() * chance.bell() : 0);
        for (int c = 0; c < channels; c++) {
          double mean = source.means[c];
          out.put(level(mean + (source.values[c] - mean) * change.contrast() + added));
        }
      }
    }
    return new Picture(width, height, channels, out.flip());
  }

  private static byte level(double value) {
    return (byte) Math.round(Math.max(0, Math.min(FULL, value)));
  }

  private static void expect(String name, double value, double most) {
    if (!(value >= 0 && value <= most)) {
      throw new IllegalArgumentException("%s is %s, expected 0 to %s".formatted(name, value, most));
    }
  }

  /** Reads a picture between its pixels. */
  private static final class Source {
    private final int width;
    private final int height;
    private final int channels;
    private final byte[] pixels;
    private final double[] means;

    /** What was read last. */
    private final double[] values;

    Source(Picture picture) {
      width = picture.width();
      height = picture.height();
      channels = picture.channels();
      pixels = new byte[picture.pixels().remaining()];
      picture.pixels().get(pixels);
      values = new double[channels];
      means = new double[channels];
      for (int i = 0; i < pixels.length; i++) {
        means[i % channels] += pixels[i] & 0xff;
      }
      for (int c = 0; c < channels; c++) {
        means[c] = Math.round(means[c] / ((double) width * height));
      }
    }

    /** Reads at a place whose whole numbers are the centres of pixels, bilinear. */
    void at(double x, double y) {
      int left = (int) Math.floor(x);
      int top = (int) Math.floor(y);
      double right = x - left;
      double down = y - top;
      for (int c = 0; c < channels; c++) {
        double upper = value(left, top, c) * (1 - right) + value(left + 1, top, c) * right;
        double lower = value(left, top + 1, c) * (1 - right) + value(left + 1, top + 1, c) * right;
        values[c] = upper * (1 - down) + lower * down;
      }
    }

    private double value(int x, int y, int channel) {
      boolean inside = x >= 0 && y >= 0 && x < width && y < height;
      return inside ? pixels[(y * width + x) * channels + channel] & 0xff : means[channel];
    }
  }
}
