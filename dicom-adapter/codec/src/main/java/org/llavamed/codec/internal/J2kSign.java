package org.llavamed.codec.internal;

/**
 * The sign of JPEG 2000 samples: Pixel Representation (0028,0103) rules, also where the codestream
 * says otherwise.
 */
final class J2kSign {
  private J2kSign() {}

  /**
   * Reads the lowest bits of a sample as the object says: extended from the highest of them, or
   * unsigned.
   *
   * @param bits of the sample, 1 to 16
   */
  static int apply(FrameLayout layout, int bits, int sample) {
    int unused = Integer.SIZE - bits;
    return layout.description().signed() ? sample << unused >> unused : sample << unused >>> unused;
  }
}
