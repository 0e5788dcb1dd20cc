package org.llavamed.evaluation.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.llavamed.data.AnswerType;
import org.llavamed.data.VqaQuestion;

/**
 * What came out of an evaluation.
 *
 * @param about what was evaluated on what, by name
 * @param answers that are scored
 * @param all scores of all answers
 * @param questionTypes scores by the kind of the question; a question of several counts for each
 * @param organs scores by organ
 * @param controls what the answers have to beat, by name
 * @param comparisons other answers to the same questions, by file
 * @param notes what is left out, and why
 * @param failures what could not be asked
 */
record VqaReport(
    Map<String, String> about,
    List<Answered> answers,
    Scored all,
    Map<String, Scored> questionTypes,
    Map<String, Scored> organs,
    Map<Control, Versus> controls,
    Map<String, Versus> comparisons,
    List<String> notes,
    List<String> failures) {
  /**
   * Scores with their bounds.
   *
   * @param open open questions
   * @param closed closed questions
   * @param scores by metric, in percent
   */
  record Scored(long open, long closed, Map<Metric, Interval> scores) {
    static Scored of(List<Answered> answers, Bootstrap bootstrap) {
      long open = answers.stream().filter(one -> one.question().type() == AnswerType.OPEN).count();
      return new Scored(open, answers.size() - open, new Scores(answers).intervals(bootstrap));
    }
  }

  /**
   * Other answers beside those that are evaluated.
   *
   * @param questions that both have answered
   * @param scores of the others on those questions, in percent
   * @param better by how many points the evaluated answers are better, with the bounds of a paired
   *     bootstrap
   */
  record Versus(int questions, Map<Metric, Double> scores, Map<Metric, Interval> better) {
    static Versus of(List<Answered> answers, List<Answered> others, Bootstrap bootstrap) {
      var ours = answers.stream().map(one -> one.question().id()).collect(Collectors.toSet());
      var both = others.stream().filter(one -> ours.contains(one.question().id())).toList();
      var scores = new Scores(both);
      return new Versus(
          both.size(), scores.percent(), new Scores(answers).better(scores, bootstrap));
    }
  }

  /** Scores the answers of each kind of question apart. */
  static Map<String, Scored> byQuestionType(List<Answered> answers, Bootstrap bootstrap) {
    return by(
        answers,
        question ->
            question.questionType().stream()
                .flatMap(types -> Arrays.stream(types.split(",", -1)))
                .map(String::strip),
        bootstrap);
  }

  /** Scores the answers of each organ apart. */
  static Map<String, Scored> byOrgan(List<Answered> answers, Bootstrap bootstrap) {
    return by(answers, question -> question.organ().map(String::strip).stream(), bootstrap);
  }

  private static Map<String, Scored> by(
      List<Answered> answers, Function<VqaQuestion, Stream<String>> groups, Bootstrap bootstrap) {
    Map<String, List<Answered>> sorted = new TreeMap<>();
    for (Answered one : answers) {
      groups
          .apply(one.question())
          .distinct()
          .filter(name -> !name.isEmpty())
          .forEach(name -> sorted.computeIfAbsent(name, key -> new ArrayList<>()).add(one));
    }
    Map<String, Scored> scored = new LinkedHashMap<>();
    sorted.forEach((name, group) -> scored.put(name, Scored.of(group, bootstrap)));
    return scored;
  }
}
