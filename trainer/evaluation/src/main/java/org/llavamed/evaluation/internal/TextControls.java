package org.llavamed.evaluation.internal;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.llavamed.data.AnswerType;
import org.llavamed.data.VqaQuestion;

/**
 * Answers that are had from the train questions alone. Where several are as good, the first in the
 * order of the file is taken.
 */
final class TextControls {
  private static final int COMMONEST = 60;

  private final List<VqaQuestion> train;
  private final List<Known> known;

  /** Takes the questions that answers are copied from; at least one. */
  TextControls(List<VqaQuestion> train) {
    this.train = List.copyOf(train);
    this.known = this.train.stream().map(one -> new Known(one, words(one))).toList();
  }

  /** A train question with its distinct words. */
  private record Known(VqaQuestion question, Set<String> words) {}

  /**
   * Returns the answers of a control.
   *
   * @param control one that needs no model
   */
  List<Answered> answers(Control control, List<VqaQuestion> questions) {
    Function<VqaQuestion, String> answer =
        switch (control) {
          case MOST_FREQUENT -> frequent(VqaQuestion::type);
          case MOST_FREQUENT_BY_TYPE -> frequent(one -> List.of(one.type(), one.questionType()));
          case NEAREST_QUESTION -> one -> nearest(one, known);
          case NEAREST_QUESTION_SAME_PICTURE -> this::nearestOfPicture;
          case CONSTANT -> constant();
          case BLANK, NOISE, OTHER_PICTURE ->
              throw new IllegalArgumentException(control + " needs a model");
        };
    return questions.stream().map(one -> Answered.of(one, answer.apply(one))).toList();
  }

  /** Answers what is most frequent among questions of equal kind, else of equal type. */
  private Function<VqaQuestion, String> frequent(Function<VqaQuestion, Object> kind) {
    Map<AnswerType, String> ofType = mostFrequent(VqaQuestion::type);
    Map<Object, String> ofKind = mostFrequent(kind);
    return one -> ofKind.getOrDefault(kind.apply(one), ofType.getOrDefault(one.type(), ""));
  }

  private <K> Map<K, String> mostFrequent(Function<VqaQuestion, K> kind) {
    Map<K, List<VqaQuestion>> groups =
        train.stream()
            .collect(Collectors.groupingBy(kind, LinkedHashMap::new, Collectors.toList()));
    Map<K, String> answers = new LinkedHashMap<>();
    groups.forEach((key, group) -> answers.put(key, commonest(texts(group), 1).get(0)));
    return answers;
  }

  private static Stream<String> texts(List<VqaQuestion> questions) {
    return questions.stream().map(one -> NormalText.of(one.answer()));
  }

  /** Returns the values that come most, the most frequent first. */
  private static List<String> commonest(Stream<String> values, int most) {
    Map<String, Long> counts =
        values.collect(
            Collectors.groupingBy(Function.identity(), LinkedHashMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(most)
        .map(Map.Entry::getKey)
        .toList();
  }

  private Function<VqaQuestion, String> constant() {
    Stream<String> open =
        texts(train.stream().filter(one -> one.type() == AnswerType.OPEN).toList());
    String answer =
        Stream.concat(
                Stream.of("yes", "no"),
                commonest(open.flatMap(NormalText::words), COMMONEST).stream())
            .collect(Collectors.joining(" "));
    return one -> answer;
  }

  /** Where no train question has the picture, all are looked at. */
  private String nearestOfPicture(VqaQuestion question) {
    List<Known> same =
        known.stream()
            .filter(one -> one.question().pictureId().equals(question.pictureId()))
            .toList();
    return nearest(question, same.isEmpty() ? known : same);
  }

  /** Returns the answer of the question that shares most of its distinct words with another. */
  private static String nearest(VqaQuestion question, List<Known> among) {
    Set<String> asked = words(question);
    Known nearest = among.get(0);
    double most = -1;
    for (Known one : among) {
      double similarity = jaccard(asked, one.words());
      if (similarity > most) {
        most = similarity;
        nearest = one;
      }
    }
    return nearest.question().answer();
  }

  private static Set<String> words(VqaQuestion question) {
    return NormalText.words(NormalText.of(question.question())).collect(Collectors.toSet());
  }

  private static double jaccard(Set<String> a, Set<String> b) {
    int both = 0;
    for (String word : a) {
      both += b.contains(word) ? 1 : 0;
    }
    int all = a.size() + b.size() - both;
    return all == 0 ? 0 : (double) both / all;
  }
}
