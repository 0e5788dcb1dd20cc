package org.llavamed.codec.internal;

/**
 * The samples of one component, read row by row at the full size of the picture. Chroma of half the
 * width, or half the width and height, is interpolated linearly between sample centres (weights 3/4
 * and 1/4 each way), as the Independent JPEG Group's library does; other ratios repeat samples.
 */
final class JpegPlane {
  private static final int NARROWEST = 3;

  private final JpegComponent component;
  private final short[] samples;
  private final int stride;
  private final int across;
  private final int down;
  private final int[] sums;
  private final int[] row;

  /**
   * Makes a plane.
   *
   * @param across full width divided by the component's
   * @param down full height divided by the component's
   */
  JpegPlane(JpegComponent component, short[] samples, int across, int down) {
    this.component = component;
    this.samples = samples;
    this.stride = component.blocksAcross * JpegComponent.SIDE;
    this.across = across;
    this.down = down;
    this.sums = new int[component.width];
    this.row = new int[component.width * across];
  }

  /** Returns row {@code y}, at least as wide as the picture; valid until the next call. */
  int[] row(int y) {
    boolean smooth = across == 2 && down <= 2 && component.width >= NARROWEST;
    int nearest = y / down * stride;
    if (!smooth) {
      for (int x = 0; x < row.length; x++) {
        row[x] = samples[nearest + x / across];
      }
    } else if (down == 1) {
      for (int x = 0; x < component.width; x++) {
        sums[x] = samples[nearest + x];
      }
      widen(4, 1, 2);
    } else {
      int other = Math.max(0, Math.min(component.height - 1, y / 2 + (y % 2 == 0 ? -1 : 1)));
      for (int x = 0; x < component.width; x++) {
        sums[x] = 3 * samples[nearest + x] + samples[other * stride + x];
      }
      widen(16, 8, 7);
    }
    return row;
  }

  /** Doubles the width of {@link #sums}, whose weights with those of here add up to divisor. */
  private void widen(int divisor, int leftRounding, int rightRounding) {
    int last = component.width - 1;
    int shift = Integer.numberOfTrailingZeros(divisor);
    for (int x = 1; x < last; x++) {
      row[2 * x] = (3 * sums[x] + sums[x - 1] + leftRounding) >> shift;
      row[2 * x + 1] = (3 * sums[x] + sums[x + 1] + rightRounding) >> shift;
    }
    row[0] = (4 * sums[0] + leftRounding) >> shift;
    row[1] = (3 * sums[0] + sums[1] + rightRounding) >> shift;
    row[2 * last] = (3 * sums[last] + sums[last - 1] + leftRounding) >> shift;
    row[2 * last + 1] = (4 * sums[last] + rightRounding) >> shift;
  }
}
