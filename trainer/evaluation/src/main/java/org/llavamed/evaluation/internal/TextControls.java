package org.llavamed.evaluation.internal;

import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private final Map<VqaQuestion, Set<String>> words;

  /** Takes the questions that answers are copied from; at least one. */
  TextControls(List<VqaQuestion> train) {
    this.train = List.copyOf(train);
    this.words =
        this.train.stream()
            .collect(Collectors.toMap(Function.identity(), TextControls::words, (a, b) -> a));
  }

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
          case NEAREST_QUESTION -> one -> nearest(one, train);
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
    List<VqaQuestion> same =
        train.stream().filter(one -> one.pictureId().equals(question.pictureId())).toList();
    return nearest(question, same.isEmpty() ? train : same);
  }

  /** Returns the answer of the question that shares most of its distinct words with another. */
  private String nearest(VqaQuestion question, List<VqaQuestion> among) {
    Set<String> asked = words(question);
    Optional<VqaQuestion> nearest = Optional.empty();
    double most = -1;
    for (VqaQuestion one : among) {
      double similarity = jaccard(asked, words.getOrDefault(one, Set.of()));
      if (similarity > most) {
        most = similarity;
        nearest = Optional.of(one);
      }
    }
    return nearest.map(VqaQuestion::answer).orElse("");
  }

  private static Set<String> words(VqaQuestion question) {
    return NormalText.words(NormalText.of(question.question())).collect(Collectors.toSet());
  }

  private static double jaccard(Set<String> a, Set<String> b) {
    var both = new HashSet<>(a);
    both.retainAll(b);
    int all = a.size() + b.size() - both.size();
    return all == 0 ? 0 : (double) both.size() / all;
  }
}
