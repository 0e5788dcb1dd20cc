package org.llavamed.result.internal;

import org.llavamed.imaging.Picture;

/**
 * How a picture is brought to a size at which text beside it can be read: a picture whose longer
 * side is below {@value #LEAST} pixels is enlarged by a whole factor until it is not, one above
 * {@value #MOST} is reduced to every n-th pixel. All others stay as they are.
 *
 * @param enlarge each pixel becomes so many in both directions
 * @param reduce of so many pixels in both directions one is taken
 */
record PictureScale(int enlarge, int reduce) {
  static final int LEAST = 512;
  static final int MOST = 4096;

  static PictureScale of(Picture picture) {
    int longer = Math.max(picture.width(), picture.height());
    return new PictureScale(
        longer < LEAST ? (LEAST + longer - 1) / longer : 1,
        longer > MOST ? (longer + MOST - 1) / MOST : 1);
  }

  int width(Picture picture) {
    return scaled(picture.width());
  }

  int height(Picture picture) {
    return scaled(picture.height());
  }

  private int scaled(int length) {
    return (length + reduce - 1) / reduce * enlarge;
  }

  /** Returns the row or column of the picture that a drawn row or column shows. */
  int source(int drawn) {
    return drawn / enlarge * reduce;
  }

  /** Returns what was done, in words. */
  String description() {
    if (enlarge > 1) {
      return "enlarged %d times".formatted(enlarge);
    }
    return reduce > 1 ? "reduced to every pixel in %d".formatted(reduce) : "in its own size";
  }
}
