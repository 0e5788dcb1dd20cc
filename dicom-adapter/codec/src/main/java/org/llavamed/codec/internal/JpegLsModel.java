package org.llavamed.codec.internal;

/**
 * The statistics of a JPEG-LS scan (ITU-T T.87 A.2.1): what the errors of earlier samples were in
 * each context, and from that the next sample.
 */
final class JpegLsModel {
  /** Values of a quantised gradient: -4 to 4. */
  static final int GRADIENTS = 9;

  /** Run lengths are counted in blocks of 2 to this power (T.87 table A.6, J). */
  private static final int[] RUN_BITS = {
    0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13,
    14, 15
  };

  private static final int CONTEXTS = (GRADIENTS * GRADIENTS * GRADIENTS + 1) / 2;
  private static final int FIELDS = 4;

  /** Fields of a context: sum of the sizes of its errors, sum of the errors, their count. */
  private static final int A = 0;

  private static final int B = 1;
  private static final int N = 2;

  /**
   * Field of a context that holds what the next sample needs: the code's parameter k, whether the
   * error is inverted, and the correction of the prediction (C).
   */
  private static final int STATE = 3;

  private static final int K = 31;
  private static final int INVERTED = 5;
  private static final int CORRECTION = 8;
  private static final int MOST_CORRECTION = 127;
  private static final int MOST_K = 16;

  private final JpegLsBits bits;
  private final int most;
  private final int near;

  /** -1 where errors are coded as they are, else 0. */
  private final int lossless;

  private final int step;
  private final int span;
  private final int reset;
  private final int escapeBits;

  /** Zeros that announce an escape. */
  private final int zeros;

  /** Contexts of regular mode, then the two of run interruption, whose B counts negative errors. */
  private final int[] contexts = new int[(CONTEXTS + 2) * FIELDS];

  private boolean sound = true;

  JpegLsModel(JpegLsParameters parameters, JpegLsBits bits) {
    this.bits = bits;
    this.most = parameters.most();
    this.near = parameters.near();
    this.lossless = near == 0 ? -1 : 0;
    this.step = parameters.step();
    this.span = parameters.range() * step;
    this.reset = parameters.reset();
    this.escapeBits = parameters.errorBits();
    this.zeros = parameters.longest() - escapeBits - 1;
    int first = Math.max(2, (parameters.range() + 32) / 64);
    for (int i = 0; i < contexts.length; i += FIELDS) {
      contexts[i + A] = first;
      contexts[i + N] = 1;
      contexts[i + STATE] = golomb(1, first);
    }
  }

  /** Returns whether the errors have stayed as small as those of any encoder. */
  boolean sound() {
    return sound;
  }

  /** Returns the number of samples, as a power of two, that one bit of a run stands for. */
  static int runBits(int index) {
    return RUN_BITS[index];
  }

  /** Returns whether two samples are the same but for the error that is allowed. */
  boolean same(int a, int b) {
    return Math.abs(a - b) <= near;
  }

  /**
   * Reads a sample in regular mode.
   *
   * @param gradients the three quantised gradients as one number to the base 9
   * @param left reconstructed neighbour (Ra)
   * @param up neighbour (Rb)
   * @param corner neighbour (Rc)
   */
  int regular(int gradients, int left, int up, int corner) {
    int sign = gradients >> (Integer.SIZE - 1);
    int i = ((gradients ^ sign) - sign) * FIELDS;
    int state = contexts[i + STATE];
    int mapped = bits.golomb(state & K, zeros, escapeBits);
    int error = (mapped >>> 1) ^ -(mapped & 1) ^ -((state >> INVERTED) & 1);
    int correction = state >> CORRECTION;
    int predicted = predict(left, up, corner) + ((correction ^ sign) - sign);
    if ((predicted | (most - predicted)) < 0) {
      predicted = predicted < 0 ? 0 : most;
    }
    update(i, error, correction);
    return reconstruct(predicted, (error ^ sign) - sign);
  }

  /**
   * Reads the sample that ends a run.
   *
   * @param alike whether the neighbours are the same (RItype)
   * @param index state of the run lengths (RUNindex)
   * @param left neighbour (Ra)
   * @param up neighbour (Rb)
   */
  int interruption(boolean alike, int index, int left, int up) {
    int type = alike ? 1 : 0;
    int i = (CONTEXTS + type) * FIELDS;
    int n = contexts[i + N];
    int k = golomb(n, contexts[i + A] + (alike ? n >> 1 : 0));
    int mapped = bits.golomb(k, zeros - RUN_BITS[index] - 1, escapeBits);
    int size = (mapped + type + 1) >> 1;
    boolean odd = ((mapped + type) & 1) == 1;
    boolean negative = size > 0 && (k != 0 || 2 * contexts[i + B] >= n) == odd;
    if (negative) {
      contexts[i + B]++;
    }
    contexts[i + A] += (mapped + 1 - type) >> 1;
    if (n == reset) {
      contexts[i + A] >>= 1;
      contexts[i + B] >>= 1;
      n >>= 1;
    }
    contexts[i + N] = n + 1;
    int error = negative ? -size : size;
    return alike ? reconstruct(left, error) : reconstruct(up, up >= left ? error : -error);
  }

  /** Returns the smallest k whose power of two times {@code n} is not less than {@code a}. */
  private int golomb(int n, int a) {
    int k = Math.max(0, Integer.numberOfLeadingZeros(n) - Integer.numberOfLeadingZeros(a));
    k += ((n << k) - a) >>> (Integer.SIZE - 1);
    if (k > MOST_K) {
      sound = false;
      return MOST_K;
    }
    return k;
  }

  /** Returns the median of left, up, and left plus up less corner. */
  private static int predict(int left, int up, int corner) {
    int low = Math.min(left, up);
    int high = Math.max(left, up);
    return Math.max(low, Math.min(high, left + up - corner));
  }

  private void update(int i, int error, int correction) {
    int a = contexts[i + A] + Math.abs(error);
    int b = contexts[i + B] + error * step;
    int n = contexts[i + N];
    if (n == reset) {
      a >>= 1;
      b >>= 1;
      n >>= 1;
    }
    n++;
    int low = (b + n - 1) >> (Integer.SIZE - 1); // -1 where b + n <= 0
    int high = -b >> (Integer.SIZE - 1); // -1 where b > 0
    b = Math.max(1 - n, Math.min(0, b + (low & n) - (high & n)));
    int c = Math.max(-MOST_CORRECTION - 1, Math.min(MOST_CORRECTION, correction + low - high));
    int k = golomb(n, a);
    int inverted = ((2 * b + n - 1) & (k - 1) & lossless) >>> (Integer.SIZE - 1) << INVERTED;
    contexts[i + A] = a;
    contexts[i + B] = b;
    contexts[i + N] = n;
    contexts[i + STATE] = (c << CORRECTION) | inverted | k;
  }

  private int reconstruct(int predicted, int error) {
    int value = predicted + (near == 0 ? error : error * step);
    return (value | (most - value)) < 0 ? wrap(value) : value;
  }

  private int wrap(int value) {
    int wrapped = value;
    if (value < -near) {
      wrapped += span;
    } else if (value > most + near) {
      wrapped -= span;
    }
    return Math.max(0, Math.min(most, wrapped));
  }
}
