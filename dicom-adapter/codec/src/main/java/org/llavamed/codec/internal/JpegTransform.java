package org.llavamed.codec.internal;

/**
 * The inverse discrete cosine transform by the scheme of Loeffler, Ligtenberg and Moschytz (1989)
 * in fixed point with 13 fraction bits, rounded where the Independent JPEG Group's accurate integer
 * transform rounds, so that 8-bit samples are equal to its own.
 */
final class JpegTransform {
  private static final int FRACTION = 13;
  private static final int C_0_298631336 = 2446;
  private static final int C_0_390180644 = 3196;
  private static final int C_0_541196100 = 4433;
  private static final int C_0_765366865 = 6270;
  private static final int C_0_899976223 = 7373;
  private static final int C_1_175875602 = 9633;
  private static final int C_1_501321110 = 12299;
  private static final int C_1_847759065 = 15137;
  private static final int C_1_961570560 = 16069;
  private static final int C_2_053119869 = 16819;
  private static final int C_2_562915447 = 20995;
  private static final int C_3_072711026 = 25172;

  private final int[] block = new int[JpegComponent.BLOCK];
  private final int extra;
  private final int centre;
  private final int most;

  /**
   * Makes a transform.
   *
   * @param precision bits of a sample: 8 or 12
   */
  JpegTransform(int precision) {
    extra = precision > Byte.SIZE ? 1 : 2;
    centre = 1 << (precision - 1);
    most = (1 << precision) - 1;
  }

  /** Returns the samples of a component, in rows of {@code blocksAcross * 8}. */
  short[] samples(JpegComponent component) {
    int stride = component.blocksAcross * JpegComponent.SIDE;
    short[] samples = new short[(int) component.samples()];
    for (int row = 0; row < component.blocksDown; row++) {
      for (int column = 0; column < component.blocksAcross; column++) {
        transform(component, component.offset(row, column));
        store(samples, (row * stride + column) * JpegComponent.SIDE, stride);
      }
    }
    return samples;
  }

  private void transform(JpegComponent component, int offset) {
    short[] coefficients = component.coefficients;
    for (int i = 0; i < JpegComponent.BLOCK; i++) {
      block[i] = coefficients[offset + i] * component.steps[i];
    }
    for (int column = 0; column < JpegComponent.SIDE; column++) {
      line(column, JpegComponent.SIDE, FRACTION - extra);
    }
    for (int row = 0; row < JpegComponent.SIDE; row++) {
      line(row * JpegComponent.SIDE, 1, FRACTION + extra + 3);
    }
  }

  /** Transforms eight values in place and divides them by 2 to the power of {@code shift}. */
  private void line(int start, int step, int shift) {
    int v0 = block[start];
    int v1 = block[start + step];
    int v2 = block[start + 2 * step];
    int v3 = block[start + 3 * step];
    int v4 = block[start + 4 * step];
    int v5 = block[start + 5 * step];
    int v6 = block[start + 6 * step];
    int v7 = block[start + 7 * step];
    int half = 1 << (shift - 1);

    int rotated = (v2 + v6) * C_0_541196100;
    int even2 = rotated - v6 * C_1_847759065;
    int even3 = rotated + v2 * C_0_765366865;
    int even0 = ((v0 + v4) << FRACTION) + half;
    int even1 = ((v0 - v4) << FRACTION) + half;
    int a0 = even0 + even3;
    int a1 = even1 + even2;
    int a2 = even1 - even2;
    int a3 = even0 - even3;

    int common = (v7 + v3 + v5 + v1) * C_1_175875602;
    int z1 = -(v7 + v1) * C_0_899976223;
    int z2 = -(v5 + v3) * C_2_562915447;
    int z3 = common - (v7 + v3) * C_1_961570560;
    int z4 = common - (v5 + v1) * C_0_390180644;
    int b3 = v7 * C_0_298631336 + z1 + z3;
    int b2 = v5 * C_2_053119869 + z2 + z4;
    int b1 = v3 * C_3_072711026 + z2 + z3;
    int b0 = v1 * C_1_501321110 + z1 + z4;

    block[start] = (a0 + b0) >> shift;
    block[start + step] = (a1 + b1) >> shift;
    block[start + 2 * step] = (a2 + b2) >> shift;
    block[start + 3 * step] = (a3 + b3) >> shift;
    block[start + 4 * step] = (a3 - b3) >> shift;
    block[start + 5 * step] = (a2 - b2) >> shift;
    block[start + 6 * step] = (a1 - b1) >> shift;
    block[start + 7 * step] = (a0 - b0) >> shift;
  }

  private void store(short[] samples, int offset, int stride) {
    for (int i = 0; i < JpegComponent.BLOCK; i++) {
      int value = Math.max(0, Math.min(most, block[i] + centre));
      samples[offset + i / JpegComponent.SIDE * stride + i % JpegComponent.SIDE] = (short) value;
    }
  }
}
