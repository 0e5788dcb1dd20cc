package org.llavamed.evaluation.internal;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.llavamed.data.DataException;
import org.llavamed.data.VqaQuestion;

/**
 * Which answer of a file is to which question. An id counts only where the text of the question
 * agrees, since published files have ids of another data set; what is left is matched by text, in
 * the order of both files, since questions share texts.
 *
 * @param answered in the order of the questions
 * @param byId answers that id and text name
 * @param byText answers that the text alone names
 * @param foreign answers that are to none of the questions
 * @param unanswered questions without an answer, which are not scored
 */
record Matching(List<Answered> answered, int byId, int byText, int foreign, int unanswered) {
  Matching {
    answered = List.copyOf(answered);
  }

  /**
   * Matches the answers of a file.
   *
   * @throws DataException if none is to one of the questions
   */
  static Matching of(Path file, List<AnswerLine> lines, List<VqaQuestion> questions) {
    Map<String, AnswerLine> ids = new HashMap<>();
    lines.forEach(line -> ids.putIfAbsent(line.questionId(), line));
    Map<VqaQuestion, AnswerLine> found = new LinkedHashMap<>();
    for (VqaQuestion question : questions) {
      AnswerLine line = ids.get(question.id());
      if (line != null && line.isOf(question)) {
        found.put(question, line);
      }
    }
    int byId = found.size();
    addByText(lines, questions, found);
    if (found.isEmpty()) {
      throw DataException.invalid(
          file,
          "none of its %d answers is to one of the %d questions"
              .formatted(lines.size(), questions.size()),
          "Name the data and the split that were asked");
    }
    return new Matching(
        questions.stream().flatMap(question -> answered(question, found)).toList(),
        byId,
        found.size() - byId,
        lines.size() - found.size(),
        questions.size() - found.size());
  }

  private static void addByText(
      List<AnswerLine> lines, List<VqaQuestion> questions, Map<VqaQuestion, AnswerLine> found) {
    Map<String, Deque<AnswerLine>> texts = new HashMap<>();
    var taken = Collections.newSetFromMap(new IdentityHashMap<AnswerLine, Boolean>());
    taken.addAll(found.values());
    lines.stream()
        .filter(line -> !taken.contains(line))
        .forEach(
            line ->
                texts
                    .computeIfAbsent(QuestionText.of(line.prompt()), text -> new ArrayDeque<>())
                    .add(line));
    for (VqaQuestion question : questions) {
      Deque<AnswerLine> same = texts.get(QuestionText.of(question.question()));
      if (!found.containsKey(question) && same != null && !same.isEmpty()) {
        found.put(question, same.remove());
      }
    }
  }

  private static Stream<Answered> answered(
      VqaQuestion question, Map<VqaQuestion, AnswerLine> found) {
    AnswerLine line = found.get(question);
    return line == null
        ? Stream.empty()
        : Stream.of(new Answered(question, line.text(), line.probability()));
  }

  /** Returns how answers were matched, in words. */
  String method() {
    String rest =
        (foreign > 0 ? "; %d to no question of the split".formatted(foreign) : "")
            + (unanswered > 0
                ? "; %d questions without an answer, not scored".formatted(unanswered)
                : "");
    return "%d answers by id and text, %d by text in order%s".formatted(byId, byText, rest);
  }
}
