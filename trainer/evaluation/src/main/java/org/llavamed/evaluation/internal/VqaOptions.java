package org.llavamed.evaluation.internal;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.llavamed.data.VqaSet;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What {@code llavamed evaluate vqa} is told beside who is asked. */
final class VqaOptions {
  private static final String ALL = "all";
  private static final String NONE = "none";

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

  /**
   * Refuses options that make no sense together.
   *
   * @throws ParameterException if there are any
   */
  void expectSense(CommandLine line, AskingOptions asking) {
    Set<Control> wanted = controls(line);
    if (metricsOnly != null && asking.model().isPresent()) {
      throw new ParameterException(line, "--metrics-only asks no model; leave out --model");
    }
    boolean named = !controls.equals(List.of(ALL));
    if (metricsOnly != null && named && wanted.stream().anyMatch(Control::needsModel)) {
      throw new ParameterException(
          line, "--metrics-only asks no model, as blank, noise and other_picture need it");
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
        .map(name -> AskingOptions.named(line, Control.values(), "--controls", name))
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Control.class)));
  }

  /**
   * Returns what is evaluated on what.
   *
   * @throws org.llavamed.data.DataException if the data cannot be read
   */
  VqaPlan plan(CommandLine line, Bootstrap bootstrap) {
    VqaSet set = VqaSet.read(data);
    return new VqaPlan(
        data,
        set.split(split),
        split,
        VqaPlan.train(set, split, train),
        controls(line),
        Optional.ofNullable(compare),
        bootstrap);
  }

  /** Returns the file whose answers are scored; empty where a model is asked. */
  Optional<Path> metricsOnly() {
    return Optional.ofNullable(metricsOnly);
  }
}
