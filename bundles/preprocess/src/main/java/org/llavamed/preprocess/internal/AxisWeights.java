package org.llavamed.preprocess.internal;

/**
 * Weights of a bicubic resize along one axis, as Pillow computes them: in double precision, the
 * kernel widened where the picture shrinks (antialias), normalised to 1, then rounded to whole
 * numbers of {@value #PRECISION_BITS} fractional bits. The axis may be longer than the picture:
 * what lies beyond has one colour, whose weights are summed.
 *
 * <p>Source of the numbers: Pillow's resampling of 8-bit channels (cubic coefficient -0.5, support
 * 2, rounding half away from zero).
 */
final class AxisWeights {
  /** An 8-bit value and 2 bits of headroom beside the fraction in 32 bits. */
  static final int PRECISION_BITS = 32 - 8 - 2;

  private static final double SUPPORT = 2.0;
  private static final double CUBIC = -0.5;

  private final int[] first;
  private final int[] start;
  private final int[] weights;
  private final int[] outside;

  /**
   * Computes the weights of {@code count} outputs.
   *
   * @param axis where the picture lies
   * @param outputs length of the whole resized axis, in pixels
   * @param from first output that is wanted
   * @param count outputs that are wanted
   */
  AxisWeights(Axis axis, long outputs, long from, int count) {
    double scale = (double) axis.length() / outputs;
    double stretch = Math.max(scale, 1.0);
    double support = SUPPORT * stretch;
    long taps = Math.min(axis.picture(), 2 * (long) Math.ceil(support) + 1);
    first = new int[count];
    start = new int[count + 1];
    outside = new int[count];
    weights = new int[Math.toIntExact(count * taps)];
    for (int i = 0; i < count; i++) {
      double center = (from + i + 0.5) * scale;
      long low = Math.max((long) (center - support + 0.5), 0);
      long high = Math.min((long) (center + support + 0.5), axis.length());
      fill(i, axis, low, kernel(low, Math.toIntExact(high - low), center, 1.0 / stretch));
    }
  }

  private static double[] kernel(long low, int count, double center, double shrink) {
    double[] kernel = new double[count];
    double sum = 0;
    for (int k = 0; k < count; k++) {
      kernel[k] = cubic((k + low - center + 0.5) * shrink);
      sum += kernel[k];
    }
    for (int k = 0; k < count; k++) {
      kernel[k] /= sum;
    }
    return kernel;
  }

  private void fill(int output, Axis axis, long low, double[] kernel) {
    int end = start[output];
    for (int k = 0; k < kernel.length; k++) {
      int weight = fixed(kernel[k]);
      long inside = low + k - axis.offset();
      if (inside < 0 || inside >= axis.picture()) {
        outside[output] += weight;
        continue;
      }
      if (end == start[output]) {
        first[output] = (int) inside;
      }
      weights[end++] = weight;
    }
    start[output + 1] = end;
  }

  /** Returns the first pixel of the picture that an output reads. */
  int first(int output) {
    return first[output];
  }

  /** Returns how many pixels of the picture an output reads. */
  int count(int output) {
    return start[output + 1] - start[output];
  }

  /** Returns the first pixel of the picture that any output reads. */
  int firstRead() {
    int least = Integer.MAX_VALUE;
    for (int i = 0; i < first.length; i++) {
      least = count(i) == 0 ? least : Math.min(least, first[i]);
    }
    return least == Integer.MAX_VALUE ? 0 : least;
  }

  /** Returns the pixel behind the last that any output reads. */
  int lastRead() {
    int most = 0;
    for (int i = 0; i < first.length; i++) {
      most = count(i) == 0 ? most : Math.max(most, first[i] + count(i));
    }
    return most;
  }

  /**
   * Returns the weighted sum of the pixels that an output reads.
   *
   * @param at index of the first of them in {@code values}
   * @param step distance of one to the next
   */
  int apply(int output, byte[] values, int at, int step) {
    int sum = 0;
    for (int k = start[output], index = at; k < start[output + 1]; k++, index += step) {
      sum += weights[k] * (values[index] & 0xff);
    }
    return sum;
  }

  /** Returns the weight of everything that an output reads, in the picture and beyond. */
  int total(int output) {
    int sum = outside[output];
    for (int k = start[output]; k < start[output + 1]; k++) {
      sum += weights[k];
    }
    return sum;
  }

  /** Returns the weight of everything beyond the picture. */
  int outside(int output) {
    return outside[output];
  }

  /** Rounds a sum of weighted 8-bit values back to 8 bits. */
  static byte toByte(int sum) {
    return (byte) Math.max(0, Math.min(255, (sum + (1 << (PRECISION_BITS - 1))) >> PRECISION_BITS));
  }

  private static int fixed(double weight) {
    double scaled = weight * (1 << PRECISION_BITS);
    return (int) (weight < 0 ? scaled - 0.5 : scaled + 0.5);
  }

  private static double cubic(double at) {
    double x = Math.abs(at);
    if (x < 1) {
      return ((CUBIC + 2) * x - (CUBIC + 3)) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * CUBIC : 0;
  }
}
