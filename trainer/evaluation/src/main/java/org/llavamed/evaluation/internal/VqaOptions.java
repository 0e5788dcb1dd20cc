package org.llavamed.evaluation.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.llavamed.data.VqaSet;
import org.llavamed.inference.Generation;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What {@code llavamed evaluate vqa} is told. */
final class VqaOptions {
  private static final String ALL = "all";
  private static final String NONE = "none";

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Model folder (default: the configured model).")
  private @Nullable Path model;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description =
          "The questions: a folder that 'llavamed data' wrote, or VQA-RAD's own with trainset.json,"
              + " testset.json and images.")
  private Path data = Path.of("");

  @Option(
      names = "--split",
      paramLabel = "NAME",
      defaultValue = "test",
      description =
          "Which questions are asked: train, validation, test, disjoint-train or"
              + " disjoint-validation (default: test).")
  private String split = "";

  @Option(
      names = "--train",
      paramLabel = "NAME",
      split = ",",
      description =
          "Where the controls without a model copy answers from, separated by commas: train,"
              + " validation, disjoint-train, disjoint-validation (default: train and validation;"
              + " name what the model has learned from).")
  private List<String> train = List.of();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "evaluation",
      description =
          "Where answers.jsonl, those of the controls, scores.json and report.html are written"
              + " (default: evaluation).")
  private Path out = Path.of("");

  @Option(
      names = "--metrics-only",
      paramLabel = "FILE",
      description =
          "Ask nobody: score the answers of this file, one JSON object a line with question_id,"
              + " prompt and text.")
  private @Nullable Path metricsOnly;

  @Option(
      names = "--compare",
      paramLabel = "FILE",
      description = "Other answers to the same questions: say how much better or worse these are.")
  private @Nullable Path compare;

  @Option(
      names = "--controls",
      paramLabel = "NAME",
      split = ",",
      defaultValue = ALL,
      description =
          "What the answers are held against: all, none, or some of blank, noise, other_picture,"
              + " most_frequent, most_frequent_by_type, nearest_question,"
              + " nearest_question_same_picture, constant, separated by commas (default: all). Each"
              + " of the first three asks the model all questions once more.")
  private List<String> controls = List.of();

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
      description = "Most tokens of an answer (default: 128, drawn ones 1024).")
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
   * Refuses options that make no sense together.
   *
   * @throws ParameterException if there are any
   */
  void expectSense(CommandLine line) {
    Set<Control> wanted = controls(line);
    if (atOnce < 1 || atOnce > Interview.MOST_AT_ONCE) {
      throw wrong(
          line, "--at-once is %d, expected 1 to %d".formatted(atOnce, Interview.MOST_AT_ONCE));
    }
    if (resamples < 1) {
      throw wrong(line, "--resamples is %d, expected 1 or more".formatted(resamples));
    }
    if (model != null && !Files.isDirectory(model)) {
      throw wrong(
          line,
          "--model %s: no such folder. Name a model folder, as 'llavamed model import' makes one"
              .formatted(model));
    }
    if (metricsOnly != null && model != null) {
      throw wrong(line, "--metrics-only asks no model; leave out --model");
    }
    boolean named = !controls.equals(List.of(ALL));
    if (metricsOnly != null && named && wanted.stream().anyMatch(Control::needsModel)) {
      throw wrong(line, "--metrics-only asks no model, as blank, noise and other_picture need it");
    }
  }

  private Set<Control> controls(CommandLine line) {
    if (controls.equals(List.of(ALL))) {
      return EnumSet.allOf(Control.class);
    }
    if (controls.equals(List.of(NONE))) {
      return Set.of();
    }
    return controls.stream()
        .map(name -> named(line, Control.values(), "--controls", name))
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Control.class)));
  }

  /**
   * Returns what is evaluated on what.
   *
   * @throws org.llavamed.data.DataException if the data cannot be read
   */
  VqaPlan plan(CommandLine line) {
    VqaSet set = VqaSet.read(data);
    return new VqaPlan(
        data,
        set.split(split),
        split,
        VqaPlan.train(set, split, train),
        controls(line),
        Optional.ofNullable(compare),
        new Bootstrap(resamples, seed));
  }

  /** Returns how answers are generated. */
  Generation generation(CommandLine line) {
    Generation generation = named(line, Sampling.values(), "--sampling", sampling).generation(seed);
    if (maxNewTokens != null && maxNewTokens < 1) {
      throw wrong(line, "--max-new-tokens is %d, expected 1 or more".formatted(maxNewTokens));
    }
    return maxNewTokens == null ? generation : generation.withMaxNewTokens(maxNewTokens);
  }

  private static <T> T named(CommandLine line, T[] values, String option, String name) {
    return Arrays.stream(values)
        .filter(value -> value.toString().equals(name.strip().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
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

  /** Returns the file whose answers are scored; empty where a model is asked. */
  Optional<Path> metricsOnly() {
    return Optional.ofNullable(metricsOnly);
  }

  /** Returns the folder that is written to. */
  Path out() {
    return out;
  }

  /** Returns how many questions are under way at a time. */
  int atOnce() {
    return atOnce;
  }

  /** Returns whether JSON is printed. */
  boolean json() {
    return json;
  }

  private static ParameterException wrong(CommandLine line, String message) {
    return new ParameterException(line, message);
  }
}
