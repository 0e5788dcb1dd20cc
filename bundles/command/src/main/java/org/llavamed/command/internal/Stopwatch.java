package org.llavamed.command.internal;

import java.util.Arrays;

/** Measures time. */
final class Stopwatch {
  private Stopwatch() {}

  /** Runs the work once to warm up, then {@code repeats} times; returns the median, in seconds. */
  static double median(int repeats, Runnable work) {
    work.run();
    var seconds = new double[repeats];
    for (int i = 0; i < repeats; i++) {
      long begin = System.nanoTime();
      work.run();
      seconds[i] = (System.nanoTime() - begin) / 1e9;
    }
    Arrays.sort(seconds);
    return repeats % 2 == 1
        ? seconds[repeats / 2]
        : (seconds[repeats / 2 - 1] + seconds[repeats / 2]) / 2;
  }
}
