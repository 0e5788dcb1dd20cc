package org.llavamed.annotator.internal;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The validated configuration.
 *
 * @param protocol protocol file that is used where none is named; empty for the one that ships
 * @param frames pictures read of a stack or a multi-frame object for questions that come without a
 *     protocol, 1 to {@value ProtocolReader#MOST_FRAMES}
 * @param stillsPerSeries most single pictures that are read of one series, at least 1
 * @param maxNewTokens most tokens of a free answer, at least 1
 */
record AnnotatorSettings(
    Optional<Path> protocol, int frames, int stillsPerSeries, int maxNewTokens) {
  AnnotatorSettings {
    check("frames", frames, ProtocolReader.MOST_FRAMES);
    check("stillsPerSeries", stillsPerSeries, Integer.MAX_VALUE);
    check("maxNewTokens", maxNewTokens, Integer.MAX_VALUE);
  }

  static AnnotatorSettings of(AnnotatorConfig config) {
    return new AnnotatorSettings(
        Optional.of(config.protocol()).filter(file -> !file.isBlank()).map(Path::of),
        config.frames(),
        config.stillsPerSeries(),
        config.maxNewTokens());
  }

  private static void check(String key, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          "%s in the configuration %s is %d, expected 1 to %d"
              .formatted(key, DefaultStudyAnnotator.PID, value, most));
    }
  }
}
