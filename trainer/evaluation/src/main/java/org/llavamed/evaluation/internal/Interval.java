package org.llavamed.evaluation.internal;

/**
 * A mean with the bounds between which 95 % of the means of resamples lie, in percent.
 *
 * @param value the mean, or the difference of two means
 * @param low lower bound
 * @param high upper bound
 */
record Interval(double value, double low, double high) {
  /** Returns whether a difference is above or below 0 with both of its bounds. */
  boolean isConfirmed() {
    return low > 0 || high < 0;
  }
}
