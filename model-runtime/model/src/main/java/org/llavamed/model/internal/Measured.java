package org.llavamed.model.internal;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.llavamed.inference.Diagnosis.Measurement;

/**
 * What was measured of the graphs of a model, kept between starts and made anew where anything that
 * it depends on is another.
 *
 * @param key all that the numbers depend on
 * @param graphs by the graph's path in the folder
 */
record Measured(Key key, Map<String, Measurement> graphs) {
  static final String NAME = "llavamed-choice.json";

  /**
   * What numbers depend on.
   *
   * @param model identity of the model
   * @param processor name of the processor
   * @param features of the processor
   * @param threads that ran the graphs
   * @param spinMicroseconds for which they waited actively
   * @param onnxRuntime version
   */
  record Key(
      String model,
      String processor,
      List<String> features,
      int threads,
      int spinMicroseconds,
      String onnxRuntime) {}

  Measured {
    graphs = new TreeMap<>(graphs);
    graphs.forEach(Measured::expect);
  }

  /** Numbers that no measurement gives would choose badly, or read prompts in runs of nothing. */
  private static void expect(String name, @Nullable Measurement found) {
    boolean holds =
        found != null
            && found.graph().equals(name)
            && (name.startsWith(DecoderFile.STEM)
                ? found.chunk() >= 1
                    && isPositive(found.prefillTokensPerSecond())
                    && isPositive(found.decodeTokensPerSecond())
                    && isPositive(found.togetherTokensPerSecond())
                : isPositive(found.pictureSeconds()));
    if (!holds) {
      throw new IllegalArgumentException(
          "%s has %s, expected what was measured of it: numbers above 0".formatted(name, found));
    }
  }

  private static boolean isPositive(double number) {
    return number > 0 && number < Double.POSITIVE_INFINITY;
  }
}
