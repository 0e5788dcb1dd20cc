package org.llavamed.model.internal;

import ai.onnxruntime.OrtException;
import java.util.Arrays;
import org.llavamed.inference.ModelBenchmark.Figure;

/** Repeats measurements. */
final class Samples {
  private final int repeats;

  /** Some work that is timed. */
  @FunctionalInterface
  interface Work {
    void run() throws OrtException;
  }

  Samples(int repeats) {
    this.repeats = repeats;
  }

  /** Returns the seconds that some work takes, after one run that does not count. */
  Figure seconds(String name, Work work) throws OrtException {
    return figure(name, "s", times(work));
  }

  /**
   * Returns what is done in a second, after one run that does not count.
   *
   * @param count what the work does in one go, in {@code unit} without "/s"
   */
  Figure rate(String name, String unit, int count, Work work) throws OrtException {
    double[] rates = Arrays.stream(times(work)).map(seconds -> count / seconds).toArray();
    return figure(name, unit + "/s", rates);
  }

  private double[] times(Work work) throws OrtException {
    work.run();
    double[] seconds = new double[repeats];
    for (int i = 0; i < repeats; i++) {
      long begin = System.nanoTime();
      work.run();
      seconds[i] = (System.nanoTime() - begin) / 1e9;
    }
    return seconds;
  }

  /** Sums up values. */
  static Figure figure(String name, String unit, double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Figure(name, unit, median, sorted[0], sorted[sorted.length - 1]);
  }
}
