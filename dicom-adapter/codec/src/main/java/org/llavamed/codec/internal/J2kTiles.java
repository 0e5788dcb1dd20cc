package org.llavamed.codec.internal;

/**
 * The reference grid of a JPEG 2000 image (ITU-T T.800 annex B): the image from its offset to its
 * end, cut by tiles. All numbers are in grid points.
 */
record J2kTiles(
    int right,
    int bottom,
    int left,
    int top,
    int tileWidth,
    int tileHeight,
    int tileLeft,
    int tileTop) {
  private static final int MOST = 65535;

  /** A rectangle: from left and top, up to but without right and bottom. */
  record Area(int left, int top, int right, int bottom) {
    /** Returns the rectangle at a lower resolution. */
    Area reduced(int levels) {
      return new Area(up(left, levels), up(top, levels), up(right, levels), up(bottom, levels));
    }

    private static int up(int value, int levels) {
      return (int) ((value + (1L << levels) - 1) >> levels);
    }
  }

  /**
   * Checks the numbers against each other.
   *
   * @throws IllegalArgumentException if they make no image
   */
  void check() {
    boolean sound =
        left >= 0
            && top >= 0
            && right > left
            && bottom > top
            && tileWidth > 0
            && tileHeight > 0
            && tileLeft >= 0
            && tileTop >= 0
            && tileLeft <= left
            && tileTop <= top
            && (long) tileLeft + tileWidth > left
            && (long) tileTop + tileHeight > top
            && (long) tileLeft + tileWidth <= Integer.MAX_VALUE
            && (long) tileTop + tileHeight <= Integer.MAX_VALUE;
    if (!sound || (long) across() * down() > MOST) {
      throw new IllegalArgumentException("image and tiles contradict each other: " + this);
    }
  }

  int rows() {
    return bottom - top;
  }

  int columns() {
    return right - left;
  }

  /** Returns the number of tiles. */
  int count() {
    return tileWidth == 0 ? 0 : across() * down();
  }

  /** Returns the part of the image that a tile covers. */
  Area tile(int index) {
    long x = tileLeft + (long) (index % across()) * tileWidth;
    long y = tileTop + (long) (index / across()) * tileHeight;
    return new Area(
        (int) Math.max(x, left),
        (int) Math.max(y, top),
        (int) Math.min(x + tileWidth, right),
        (int) Math.min(y + tileHeight, bottom));
  }

  int across() {
    return (int) (((long) right - tileLeft + tileWidth - 1) / tileWidth);
  }

  private int down() {
    return (int) (((long) bottom - tileTop + tileHeight - 1) / tileHeight);
  }
}
