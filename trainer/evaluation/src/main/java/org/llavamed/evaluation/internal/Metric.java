package org.llavamed.evaluation.internal;

import java.util.List;
import java.util.Locale;
import org.llavamed.data.AnswerType;

/**
 * A score of one answer, 0 to 1. Answer and truth are compared after {@link NormalText}; those that
 * were published are kept with what can be held against them.
 */
enum Metric {
  /** Equality: not published, and not to be had by saying more. */
  CLOSED_EXACT(AnswerType.CLOSED),

  /** The answer contains the truth: "normal" contains "no". */
  CLOSED_ACCURACY(AnswerType.CLOSED),

  /** As {@link #CLOSED_ACCURACY}, but wrong where the answer contains neither "yes" nor "no". */
  CLOSED_B(AnswerType.CLOSED),

  /**
   * Words shared, weighed against those missing and those too many: not published, and not to be
   * had by repeating a word.
   */
  OPEN_F1(AnswerType.OPEN),

  /** Share of the truth's words that were said, whatever else was said. */
  OPEN_RECALL(AnswerType.OPEN),

  /** As published: a word that is right counts each time it is said. */
  F1(AnswerType.OPEN),

  /** Distinct words of the truth that were said, by the length of the answer. */
  EXACT_MATCH(AnswerType.OPEN),

  /** BLEU of 1-grams to 4-grams: answers of less than four words have next to nothing. */
  BLEU(AnswerType.OPEN),

  /** BLEU of words alone. */
  BLEU_1(AnswerType.OPEN),

  /** BLEU of pairs of words alone. */
  BLEU_2(AnswerType.OPEN),

  /** BLEU of three words alone. */
  BLEU_3(AnswerType.OPEN);

  private final AnswerType type;

  Metric(AnswerType type) {
    this.type = type;
  }

  /** Returns the type of the questions that it is for. */
  AnswerType type() {
    return type;
  }

  /** Returns the name as printed and written. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the score of an answer, 0 to 1. */
  double score(String answer, String truth) {
    return scoreNormal(NormalText.of(answer), NormalText.of(truth));
  }

  private double scoreNormal(String answer, String truth) {
    return switch (this) {
      case CLOSED_EXACT -> answer.equals(truth) ? 1 : 0;
      case CLOSED_ACCURACY -> contains(answer, truth);
      case CLOSED_B ->
          answer.contains("yes") || answer.contains("no") ? contains(answer, truth) : 0;
      case OPEN_F1 -> WordOverlap.of(answer, truth).clippedF1();
      case F1 -> WordOverlap.of(answer, truth).f1();
      case OPEN_RECALL -> WordOverlap.of(answer, truth).recall();
      case EXACT_MATCH -> exactMatch(answer, truth);
      case BLEU -> bleu(answer, truth, 0.25, 0.25, 0.25, 0.25);
      case BLEU_1 -> bleu(answer, truth, 1, 0, 0, 0);
      case BLEU_2 -> bleu(answer, truth, 0, 1, 0, 0);
      case BLEU_3 -> bleu(answer, truth, 0, 0, 1, 0);
    };
  }

  private static double contains(String answer, String truth) {
    return answer.contains(truth) ? 1 : 0;
  }

  private static double exactMatch(String answer, String truth) {
    List<String> said = words(NormalText.normalize(answer));
    List<String> expected = words(NormalText.normalize(truth));
    double hits = expected.stream().distinct().filter(said::contains).count();
    return said.isEmpty() ? 0 : hits / said.size();
  }

  private static double bleu(String answer, String truth, double... weights) {
    return Bleu.sentence(words(truth), words(answer), weights);
  }

  private static List<String> words(String text) {
    return NormalText.words(text).toList();
  }
}
