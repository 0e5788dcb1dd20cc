package org.llavamed.evaluation.internal;

import java.util.OptionalDouble;
import org.llavamed.data.VqaQuestion;

/**
 * A question with the answer that is scored.
 *
 * @param question with its truth
 * @param text the answer
 * @param probability of the answer as the model gives it, 0 to 1; empty where not known
 */
record Answered(VqaQuestion question, String text, OptionalDouble probability) {
  /** An answer that no model gave. */
  static Answered of(VqaQuestion question, String text) {
    return new Answered(question, text, OptionalDouble.empty());
  }

  /** Returns how right it is, 0 to 1, by the score of its type that wrong words lower. */
  double score() {
    Metric metric =
        switch (question.type()) {
          case OPEN -> Metric.OPEN_F1;
          case CLOSED -> Metric.CLOSED_EXACT;
        };
    return metric.score(text, question.answer());
  }
}
