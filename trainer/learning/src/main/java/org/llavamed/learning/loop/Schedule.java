package org.llavamed.learning.loop;

/**
 * How learning rates rise from 0 and fall to 0 again: linear, then half a cosine.
 *
 * @param steps of the whole run, at least 1
 * @param warmup steps in which the rates rise, 0 to {@code steps}
 */
record Schedule(long steps, long warmup) {
  Schedule {
    if (steps < 1 || warmup < 0 || warmup > steps) {
      throw new IllegalArgumentException(
          "A schedule has %d steps, %d of them rising, expected 1 or more, and 0 to all"
              .formatted(steps, warmup));
    }
  }

  /**
   * Returns the schedule whose rates rise in a share of its steps, rounded up to whole ones.
   *
   * @param share 0 to below 1
   */
  static Schedule of(long steps, double share) {
    return new Schedule(steps, (long) Math.ceil(steps * share));
  }

  /**
   * Returns the share of the highest rate, 0 to 1, of a step.
   *
   * @param done steps that are done before it
   */
  double share(long done) {
    if (done < warmup) {
      return (double) done / warmup;
    }
    double way = (double) (done - warmup) / Math.max(1, steps - warmup);
    return Math.max(0, (1 + Math.cos(Math.PI * way)) / 2);
  }
}
