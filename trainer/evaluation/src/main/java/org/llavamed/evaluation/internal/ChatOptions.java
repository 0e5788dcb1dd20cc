package org.llavamed.evaluation.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What {@code llavamed evaluate chat} is told beside who is asked. */
final class ChatOptions {
  private static final double MILLION = 1e6;

  @Option(
      names = "--questions",
      paramLabel = "FILE",
      required = true,
      description =
          "The questions, one JSON object a line with question_id, image, text, gpt4_answer,"
              + " fig_label, fig_caption, in_text_mention, type and domain.")
  private Path questions = Path.of("");

  @Option(
      names = "--images",
      paramLabel = "DIR",
      required = true,
      description = "Folder of the pictures.")
  private Path images = Path.of("");

  @Option(
      names = "--answers",
      paramLabel = "FILE",
      description = "Ask no model: judge the answers of this file.")
  private @Nullable Path answers;

  @Option(
      names = "--judge",
      paramLabel = "NAME",
      defaultValue = "endpoint",
      description =
          "Who judges: endpoint, an OpenAI-compatible service that the environment names"
              + " (LLAVAMED_JUDGE_URL, LLAVAMED_JUDGE_MODEL, LLAVAMED_JUDGE_KEY): captions and"
              + " answers are sent to it; or similarity, sentence vectors on this machine, whose"
              + " scores are not comparable (default: endpoint).")
  private String judge = "";

  @Option(
      names = "--judge-model",
      paramLabel = "JAR",
      description = "The sentence model of --judge similarity (default: where Maven keeps it).")
  private @Nullable Path judgeModel;

  @Option(
      names = "--both-orders",
      description = "Judge each pair of answers in both orders, and take the means.")
  private boolean bothOrders;

  @Option(
      names = "--price-in",
      paramLabel = "X",
      description = "Price of a million tokens that the judge reads, to state the cost.")
  private @Nullable Double priceIn;

  @Option(
      names = "--price-out",
      paramLabel = "X",
      description = "Price of a million tokens that the judge writes.")
  private @Nullable Double priceOut;

  /** Who judges. */
  private enum Kind {
    ENDPOINT,
    SIMILARITY;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Refuses options that make no sense together.
   *
   * @throws ParameterException if there are any
   */
  void expectSense(CommandLine line, AskingOptions asking) {
    if (answers != null && asking.model().isPresent()) {
      throw new ParameterException(line, "--answers asks no model; leave out --model");
    }
    if ((priceIn == null) != (priceOut == null)) {
      throw new ParameterException(line, "--price-in and --price-out belong together");
    }
    kind(line);
  }

  private Kind kind(CommandLine line) {
    return AskingOptions.named(line, Kind.values(), "--judge", judge);
  }

  /**
   * Opens the judge.
   *
   * @throws JudgeException if it cannot be asked
   */
  Judge judge(CommandLine line, Map<String, String> environment) {
    return switch (kind(line)) {
      case ENDPOINT -> new EndpointJudge(JudgeEndpoint.of(environment));
      case SIMILARITY ->
          new SimilarityJudge(judgeModel == null ? ofMaven(environment) : judgeModel);
    };
  }

  private static Path ofMaven(Map<String, String> environment) {
    String[] parts = SentenceEmbedder.artifact().split(":", -1);
    return Path.of(
            environment.getOrDefault("HOME", System.getProperty("user.home", "")),
            ".m2",
            "repository")
        .resolve(parts[0].replace('.', '/'))
        .resolve(Path.of(parts[1], parts[2], "%s-%s.jar".formatted(parts[1], parts[2])));
  }

  /**
   * Reads the questions.
   *
   * @throws org.llavamed.data.DataException if they cannot be read
   */
  List<ChatQuestion> questions() {
    return ChatFile.read(questions, images);
  }

  /** Returns the name of the file of the questions. */
  String file() {
    return questions.toString();
  }

  /** Returns the file whose answers are judged; empty where a model is asked. */
  Optional<Path> answers() {
    return Optional.ofNullable(answers);
  }

  /** Returns whether each pair is judged in both orders. */
  boolean bothOrders() {
    return bothOrders;
  }

  /** Returns what tokens cost; empty where no price was named. */
  Optional<Double> cost(Judge.Spending spending) {
    return priceIn == null || priceOut == null
        ? Optional.empty()
        : Optional.of((spending.tokensIn() * priceIn + spending.tokensOut() * priceOut) / MILLION);
  }
}
