package org.llavamed.checkpoint;

/** IEEE 754 half precision: 1 sign bit, 5 of exponent, 10 of fraction. */
public final class Half {
  /** Largest magnitude. */
  public static final float MOST = 65504;

  private Half() {}

  public static float toFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = half >> 10 & 0x1f;
    int fraction = half & 0x3ff;
    if (exponent == 0) {
      float magnitude = fraction * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    int wide = exponent == 31 ? 0xff : exponent + 112;
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }

  /** Returns the nearest number, of two the even one; infinity beyond {@link #MOST}. */
  public static short of(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    float magnitude = Math.abs(value);
    if (Float.isNaN(value)) {
      return (short) (sign | 0x7e00);
    }
    if (magnitude >= 65520) {
      return (short) (sign | 0x7c00);
    }
    if (magnitude < 0x1p-14f) {
      return (short) (sign | (int) Math.rint(magnitude * 0x1p24f));
    }
    int rest = bits & 0x7fffffff;
    int even = rest >>> 13 & 1;
    return (short) (sign | (rest + 0xfff + even - (112 << 23)) >>> 13);
  }
}
