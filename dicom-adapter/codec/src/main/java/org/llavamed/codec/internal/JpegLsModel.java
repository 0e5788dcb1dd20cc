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

  /** Fields of a context: sum of the errors' sizes, their bias, the correction, their count. */
  private static final int A = 0;

  private static final int B = 1;
  private static final int C = 2;
  private static final int N = 3;

  private static final int MOST_CORRECTION = 127;
  private static final int MOST_K = 16;

  private final JpegLsBits bits;
  private final int most;
  private final int near;
  private final int step;
  private final int span;
  private final int reset;
  private final int escapeBits;
  private final int longest;

  /** Contexts of regular mode, then the two of run interruption, whose B counts negative errors. */
  private final int[] contexts = new int[(CONTEXTS + 2) * FIELDS];

  private boolean sound = true;

  JpegLsModel(JpegLsParameters parameters, JpegLsBits bits) {
    this.bits = bits;
    this.most = parameters.most();
    this.near = parameters.near();
    this.step = parameters.step();
    this.span = parameters.range() * step;
    this.reset = parameters.reset();
    this.escapeBits = parameters.errorBits();
    this.longest = parameters.longest();
    int first = Math.max(2, (parameters.range() + 32) / 64);
    for (int i = 0; i < contexts.length; i += FIELDS) {
      contexts[i + A] = first;
      contexts[i + N] = 1;
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
    int n = contexts[i + N];
    int k = golomb(n, contexts[i + A]);
    int mapped = bits.golomb(k, longest - escapeBits - 1, escapeBits);
    int error = (mapped >>> 1) ^ -(mapped & 1);
    if (k == 0 && near == 0 && 2 * contexts[i + B] <= -n) {
      error = ~error;
    }
    int predicted = predict(left, up, corner) + ((contexts[i + C] ^ sign) - sign);
    predicted = Math.max(0, Math.min(most, predicted));
    update(i, error);
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
    int zeros = longest - RUN_BITS[index] - 1 - escapeBits - 1;
    int mapped = bits.golomb(k, zeros, escapeBits);
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
    if (n << k < a) {
      k++;
    }
    if (k > MOST_K) {
      sound = false;
      return MOST_K;
    }
    return k;
  }

  private static int predict(int left, int up, int corner) {
    int low = Math.min(left, up);
    int high = Math.max(left, up);
    return corner >= high ? low : corner <= low ? high : left + up - corner;
  }

  private void update(int i, int error) {
    int a = contexts[i + A] + Math.abs(error);
    int b = contexts[i + B] + error * step;
    int n = contexts[i + N];
    if (n == reset) {
      a >>= 1;
      b >>= 1;
      n >>= 1;
    }
    n++;
    if (b + n <= 0) {
      b = Math.max(b + n, 1 - n);
      contexts[i + C] = Math.max(-MOST_CORRECTION - 1, contexts[i + C] - 1);
    } else if (b > 0) {
      b = Math.min(b - n, 0);
      contexts[i + C] = Math.min(MOST_CORRECTION, contexts[i + C] + 1);
    }
    contexts[i + A] = a;
    contexts[i + B] = b;
    contexts[i + N] = n;
  }

  private int reconstruct(int predicted, int error) {
    int value = predicted + error * step;
    if (value < -near) {
      value += span;
    } else if (value > most + near) {
      value -= span;
    }
    return Math.max(0, Math.min(most, value));
  }
}
