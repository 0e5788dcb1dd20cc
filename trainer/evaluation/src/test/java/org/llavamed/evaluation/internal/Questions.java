package org.llavamed.evaluation.internal;

import java.nio.file.Path;
import java.util.Optional;
import org.llavamed.data.AnswerType;
import org.llavamed.data.VqaQuestion;

/** Questions made by hand. */
final class Questions {
  private Questions() {}

  static VqaQuestion open(String id, String picture, String question, String answer) {
    return of(id, picture, question, answer, AnswerType.OPEN);
  }

  static VqaQuestion closed(String id, String picture, String question, String answer) {
    return of(id, picture, question, answer, AnswerType.CLOSED);
  }

  private static VqaQuestion of(
      String id, String picture, String question, String answer, AnswerType type) {
    return new VqaQuestion(
        id,
        Path.of(picture),
        picture,
        question,
        answer,
        type,
        Optional.of("PRES"),
        Optional.of("HEAD"),
        "test");
  }
}
