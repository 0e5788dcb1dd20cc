package org.llavamed.evaluation.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.llavamed.data.DataException;
import org.llavamed.data.VqaQuestion;

/**
 * Which answer of a file is to which question. An id counts only where the text of the question
 * agrees, since published files have ids of another data set; what is left is matched by text, in
 * the order of both files, since questions share texts. Where a text is left with another number of
 * answers than of questions, order says nothing: none of them is scored.
 *
 * @param answered in the order of the questions
 * @param byId answers that id and text name
 * @param byText answers that the text alone names
 * @param foreign answers that are to none of the questions
 * @param repeated answers to a question that id and text name, after the first
 * @param ambiguous questions whose text another number of answers has
 * @param unanswered questions without an answer, which are not scored
 */
record Matching(
    List<Answered> answered,
    int byId,
    int byText,
    int foreign,
    int repeated,
    int ambiguous,
    int unanswered) {
  Matching {
    answered = List.copyOf(answered);
  }

  /**
   * Matches the answers of a file.
   *
   * @throws DataException if none is to one of the questions
   */
  static Matching of(Path file, List<AnswerLine> lines, List<VqaQuestion> questions) {
    Map<String, VqaQuestion> ids = new HashMap<>();
    questions.forEach(question -> ids.put(question.id(), question));
    Map<VqaQuestion, AnswerLine> found = new LinkedHashMap<>();
    Map<String, List<AnswerLine>> texts = new HashMap<>();
    for (AnswerLine line : lines) {
      VqaQuestion question = ids.get(line.questionId());
      if (question != null && line.isOf(question)) {
        found.putIfAbsent(question, line);
      } else {
        texts.computeIfAbsent(QuestionText.of(line.prompt()), text -> new ArrayList<>()).add(line);
      }
    }
    int byId = found.size();
    int byName = lines.size() - texts.values().stream().mapToInt(List::size).sum();
    Unclear unclear = addByText(texts, questions, found);
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
        lines.size() - byName - (found.size() - byId) - unclear.lines(),
        byName - byId,
        unclear.questions(),
        questions.size() - found.size());
  }

  /** What shares a text, in numbers that differ. */
  private record Unclear(int questions, int lines) {}

  private static Unclear addByText(
      Map<String, List<AnswerLine>> texts,
      List<VqaQuestion> questions,
      Map<VqaQuestion, AnswerLine> found) {
    Map<String, List<VqaQuestion>> left = new LinkedHashMap<>();
    for (VqaQuestion question : questions) {
      String text = QuestionText.of(question.question());
      if (!found.containsKey(question) && texts.containsKey(text)) {
        left.computeIfAbsent(text, key -> new ArrayList<>()).add(question);
      }
    }
    int unclearQuestions = 0;
    int unclearLines = 0;
    for (Map.Entry<String, List<VqaQuestion>> entry : left.entrySet()) {
      List<VqaQuestion> asked = entry.getValue();
      List<AnswerLine> given = texts.getOrDefault(entry.getKey(), List.of());
      if (asked.size() == given.size()) {
        for (int i = 0; i < asked.size(); i++) {
          found.put(asked.get(i), given.get(i));
        }
      } else {
        unclearQuestions += asked.size();
        unclearLines += given.size();
      }
    }
    return new Unclear(unclearQuestions, unclearLines);
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
        (repeated > 0 ? "; %d after the first to their question".formatted(repeated) : "")
            + (ambiguous > 0
                ? "; %d questions ambiguous: another number of answers has their text"
                    .formatted(ambiguous)
                : "")
            + (foreign > 0 ? "; %d to no question of the split".formatted(foreign) : "")
            + (unanswered > 0
                ? "; %d questions without an answer, not scored".formatted(unanswered)
                : "");
    return "%d answers by id and text, %d by text in order%s".formatted(byId, byText, rest);
  }
}
