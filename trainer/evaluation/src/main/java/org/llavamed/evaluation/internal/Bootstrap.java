package org.llavamed.evaluation.internal;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Resampling with replacement: how much a mean depends on which questions were asked. Equal seeds
 * give equal bounds, and lists of equal length are resampled alike.
 *
 * @param resamples how often, at least 1
 * @param seed of the draws
 */
record Bootstrap(int resamples, long seed) {
  private static final double LOW = 0.025;
  private static final double HIGH = 0.975;

  /** Returns the mean of values with its bounds; of differences of pairs, that of a paired test. */
  Interval mean(double[] values) {
    var chance = new SplittableRandom(seed);
    double[] means = new double[resamples];
    for (int i = 0; i < resamples; i++) {
      double sum = 0;
      for (int j = 0; j < values.length; j++) {
        sum += values[chance.nextInt(values.length)];
      }
      means[i] = 100 * sum / values.length;
    }
    Arrays.sort(means);
    double mean = 100 * Arrays.stream(values).sum() / values.length;
    return new Interval(mean, quantile(means, LOW), quantile(means, HIGH));
  }

  /** Returns a quantile of sorted values, between two of them in proportion. */
  private static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
