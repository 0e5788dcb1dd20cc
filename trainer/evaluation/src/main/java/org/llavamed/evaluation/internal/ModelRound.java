package org.llavamed.evaluation.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.llavamed.data.VqaQuestion;
import org.llavamed.inference.Generation;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.Progress;
import org.llavamed.inference.VisionLanguageModel;

/** Asks one model the same questions with several pictures, and keeps the answers in files. */
final class ModelRound {
  private final ModelCard card;
  private final Interview interview;
  private final String setting;
  private final Path out;
  private final List<VqaQuestion> questions;
  private final Consumer<String> failures;

  /**
   * Takes who is asked what.
   *
   * @param options how many at a time, and the folder of the files
   * @param failures told of what could not be asked
   */
  ModelRound(
      VisionLanguageModel model,
      Generation generation,
      AskingOptions options,
      List<VqaQuestion> questions,
      Progress progress,
      Consumer<String> failures) {
    this.card = model.card();
    this.interview = new Interview(model, generation, options.atOnce(), progress);
    this.setting = words(generation);
    this.out = options.out();
    this.questions = questions;
    this.failures = failures;
  }

  /** Returns what is asked how, in words. */
  static String words(Generation generation) {
    String how =
        generation.temperature() == 0
            ? "greedy"
            : "drawn at temperature %s from the %d likeliest, seed %d"
                .formatted(generation.temperature(), generation.topK(), generation.seed());
    return "%s, at most %d tokens".formatted(how, generation.maxNewTokens());
  }

  /** Returns what the model is, in words. */
  static String words(ModelCard card) {
    return "%s %s, %s".formatted(card.name(), card.version(), card.precision());
  }

  /**
   * Asks all questions that a file does not answer yet.
   *
   * @param shown which pictures are shown, in words
   * @param file name of the file
   * @throws org.llavamed.data.DataException if the file has answers to something else or cannot be
   *     written
   * @throws org.llavamed.inference.ModelException if the model fails
   */
  List<Answered> answers(String shown, Sight sight, String file) {
    try (AnswerStore store =
        AnswerStore.open(
            out.resolve(file),
            card.identity(),
            "%s; %s".formatted(shown, setting),
            questions,
            sight)) {
      interview
          .ask("asking, " + shown.replace('_', ' '), questions, sight, store)
          .forEach(failures);
      return store.finish(questions);
    }
  }
}
