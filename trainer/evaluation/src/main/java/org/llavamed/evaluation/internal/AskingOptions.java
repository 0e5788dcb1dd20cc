package org.llavamed.evaluation.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.llavamed.inference.Generation;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Who is asked, how, and where the result goes. */
final class AskingOptions {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Model folder (default: the configured model).")
  private @Nullable Path model;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "evaluation",
      description =
          "Folder of the answers, the scores as JSON and report.html (default: evaluation).")
  private Path out = Path.of("");

  @Option(
      names = "--sampling",
      paramLabel = "NAME",
      defaultValue = "greedy",
      description =
          "How answers are generated: greedy, or drawn as version v1.0 (temperature 0.7) or v1.5"
              + " (temperature 0.2) of LLaVA-Med did (default: greedy).")
  private String sampling = "";

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description =
          "Most tokens of an answer (default: 128 for vqa, 1024 for chat and drawn ones).")
  private @Nullable Integer maxNewTokens;

  @Option(
      names = "--at-once",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Questions under way at a time (default: 1). More are faster with a large model; answers"
              + " may then differ where two tokens are as likely. At most 64, as many as a model lets"
              + " wait.")
  private int atOnce;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of drawn answers and of the resamples (default: 1).")
  private long seed;

  @Option(
      names = "--resamples",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Resamples for the bounds (default: 10000).")
  private int resamples;

  @Option(names = "--json", description = "Print one JSON object; scores are in percent.")
  private boolean json;

  /**
   * Refuses options that make no sense.
   *
   * @throws ParameterException if there are any
   */
  void expectSense(CommandLine line) {
    if (atOnce < 1 || atOnce > Interview.MOST_AT_ONCE) {
      throw new ParameterException(
          line, "--at-once is %d, expected 1 to %d".formatted(atOnce, Interview.MOST_AT_ONCE));
    }
    if (resamples < 1) {
      throw new ParameterException(
          line, "--resamples is %d, expected 1 or more".formatted(resamples));
    }
    if (model != null && !Files.isDirectory(model)) {
      throw new ParameterException(
          line,
          "--model %s: no such folder. Name a model folder, as 'llavamed model import' makes one"
              .formatted(model));
    }
  }

  /**
   * Returns how answers are generated.
   *
   * @param fewest most tokens of an answer where neither the user nor the sampling allows more
   * @throws ParameterException if that makes no sense
   */
  Generation generation(CommandLine line, int fewest) {
    Generation generation = named(line, Sampling.values(), "--sampling", sampling).generation(seed);
    if (maxNewTokens != null && maxNewTokens < 1) {
      throw new ParameterException(
          line, "--max-new-tokens is %d, expected 1 or more".formatted(maxNewTokens));
    }
    return generation.withMaxNewTokens(
        maxNewTokens == null ? Math.max(fewest, generation.maxNewTokens()) : maxNewTokens);
  }

  /**
   * Returns the value of a name.
   *
   * @throws ParameterException if there is none
   */
  static <T> T named(CommandLine line, T[] values, String option, String name) {
    return Arrays.stream(values)
        .filter(value -> value.toString().equals(name.strip().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new ParameterException(
                    line,
                    "%s %s: no such name, expected one of %s"
                        .formatted(
                            option,
                            name,
                            Arrays.stream(values)
                                .map(Object::toString)
                                .collect(Collectors.joining(", ")))));
  }

  /** Returns the model that is asked; empty for the configured one. */
  Optional<Path> model() {
    return Optional.ofNullable(model);
  }

  /** Returns the folder that is written to. */
  Path out() {
    return out;
  }

  /** Returns how many questions are under way at a time. */
  int atOnce() {
    return atOnce;
  }

  /** Returns what bounds are found with. */
  Bootstrap bootstrap() {
    return new Bootstrap(resamples, seed);
  }

  /** Returns whether JSON is printed. */
  boolean json() {
    return json;
  }
}
