package org.llavamed.evaluation.internal;

import java.util.List;
import org.llavamed.data.VqaQuestion;

/**
 * A question whose answers a judge compares.
 *
 * @param question with the reference answer as its truth, its type as the kind of question and its
 *     domain as the organ
 * @param label name of the figure in its article
 * @param caption what the article writes under the figure
 * @param mentions sentences of the article that mention the figure
 */
record ChatQuestion(VqaQuestion question, String label, String caption, List<String> mentions) {
  /** The domain of a question that is of none of the known ones. */
  static final String OTHER = "other";

  ChatQuestion {
    mentions = List.copyOf(mentions);
  }

  /** Returns the kind of question, for example {@code conversation}. */
  String type() {
    return question.questionType().orElse(OTHER);
  }

  /** Returns the domain of the picture, for example {@code chest_xray}. */
  String domain() {
    return question.organ().orElse(OTHER);
  }
}
