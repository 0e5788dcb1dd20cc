package org.llavamed.preprocess.internal;

/**
 * How four colours of a JPEG file become RGB (Adobe Technical Note 5116, section 18). No colour
 * profile is applied: red is what cyan and black let through.
 */
enum Cmyk {
  /** Amounts of ink, as the standard leaves them. */
  INK,
  /** Amounts of light, as Adobe writes them. */
  LIGHT,
  /** Amounts of light, the first three as Y, Cb, Cr of the ink. */
  LIGHT_YCC;

  private static final int HALF = 1 << 15;

  /**
   * Returns the way of a file.
   *
   * @param adobeTransform of Adobe's segment, -1 where there is none
   */
  static Cmyk of(int adobeTransform) {
    return adobeTransform < 0 ? INK : adobeTransform == 2 ? LIGHT_YCC : LIGHT;
  }

  /** Writes the light of one pixel, four values from {@code at}, over its samples. */
  void toLight(int[] row, int at) {
    if (this == INK) {
      for (int i = at; i < at + 4; i++) {
        row[i] = 255 - row[i];
      }
    } else if (this == LIGHT_YCC) {
      int luma = row[at];
      int blue = row[at + 1] - 128;
      int red = row[at + 2] - 128;
      // 1.402, 0.344136, 0.714136 and 1.772 with 16 fractional bits
      row[at] = 255 - clipped(luma + ((91881 * red + HALF) >> 16));
      row[at + 1] = 255 - clipped(luma + ((-22554 * blue - 46802 * red + HALF) >> 16));
      row[at + 2] = 255 - clipped(luma + ((116130 * blue + HALF) >> 16));
    }
  }

  private static int clipped(int value) {
    return Math.max(0, Math.min(255, value));
  }
}
