package org.llavamed.codec.internal;

/**
 * The coding parameters of a JPEG-LS scan (ITU-T T.87 C.2.4.1.1).
 *
 * @param most largest sample value (MAXVAL)
 * @param near largest error of a sample (NEAR); 0 for lossless
 * @param t1 first threshold of the gradients
 * @param t2 second threshold
 * @param t3 third threshold
 * @param reset count of samples at which the statistics of a context are halved
 */
record JpegLsParameters(int most, int near, int t1, int t2, int t3, int reset) {
  private static final int MOST_NEAR = 255;
  private static final int LEAST_RESET = 3;
  private static final int DEFAULT_RESET = 64;
  private static final int USUAL = 128;

  JpegLsParameters {
    boolean sound =
        near <= Math.min(MOST_NEAR, most / 2)
            && near < t1
            && t1 <= t2
            && t2 <= t3
            && t3 <= most
            && reset >= LEAST_RESET
            && reset <= Math.max(MOST_NEAR, most);
    if (!sound) {
      throw new IllegalArgumentException(
          "MAXVAL %d, NEAR %d, thresholds %d, %d, %d and RESET %d are no JPEG-LS parameters"
              .formatted(most, near, t1, t2, t3, reset));
    }
  }

  /** Fills what is zero in the preset parameters with its default. */
  static JpegLsParameters of(JpegLsPreset preset, int precision, int near) {
    int most = preset.most() == 0 ? (1 << precision) - 1 : preset.most();
    if (most >= 1 << precision) {
      throw new IllegalArgumentException(
          "MAXVAL %d, samples have %d bits".formatted(most, precision));
    }
    int[] defaults = thresholds(most, near);
    return new JpegLsParameters(
        most,
        near,
        preset.t1() == 0 ? defaults[0] : preset.t1(),
        preset.t2() == 0 ? defaults[1] : preset.t2(),
        preset.t3() == 0 ? defaults[2] : preset.t3(),
        preset.reset() == 0 ? DEFAULT_RESET : preset.reset());
  }

  private static int[] thresholds(int most, int near) {
    int[] basic = {3, 7, 21};
    int[] least = {2, 3, 4};
    int[] result = new int[basic.length];
    int floor = near + 1;
    for (int i = 0; i < basic.length; i++) {
      int spread = (3 + 2 * i) * near;
      int value;
      if (most >= USUAL) {
        int factor = (Math.min(most, 4095) + USUAL) / (2 * USUAL);
        value = factor * (basic[i] - least[i]) + least[i] + spread;
      } else {
        value = Math.max(least[i], basic[i] / (2 * USUAL / (most + 1)) + spread);
      }
      result[i] = value > most || value < floor ? floor : value;
      floor = result[i];
    }
    return result;
  }

  /** Returns the number of values that an error can have (RANGE). */
  int range() {
    return (most + 2 * near) / step() + 1;
  }

  /** Returns the distance between two values of an error. */
  int step() {
    return 2 * near + 1;
  }

  /** Returns the bits of an error behind an escape (qbpp). */
  int errorBits() {
    return bits(range());
  }

  /** Returns the bits of the longest code (LIMIT). */
  int longest() {
    int bits = Math.max(2, bits(most + 1));
    return 2 * (bits + Math.max(Byte.SIZE, bits));
  }

  /** Returns the logarithm, rounded up. */
  private static int bits(int values) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(values - 1);
  }
}
