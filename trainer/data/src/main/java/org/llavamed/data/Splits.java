package org.llavamed.data;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The parts of a data set of questions about pictures. Two files of the same content are one
 * picture; the SHA-256 of its content is what it is known by, and what chooses its part.
 */
public final class Splits {
  /**
   * What is learned from: the official train split, without {@link #VALIDATION} where that was
   * taken out of it.
   */
  public static final String TRAIN = "train";

  /** What models are chosen by. It shares no picture with {@link #TRAIN}, where we made it. */
  public static final String VALIDATION = "validation";

  /** What is scored at the end. */
  public static final String TEST = "test";

  /** What of {@link #TRAIN} is about pictures of no test question. */
  public static final String DISJOINT_TRAIN = "disjoint-train";

  /** What of {@link #VALIDATION} is about pictures of no test question. */
  public static final String DISJOINT_VALIDATION = "disjoint-validation";

  private Splits() {}

  /**
   * Returns some of the pictures, always the same: those whose hashes come first in ascending
   * order.
   *
   * @param hashes of the pictures' contents
   * @param share of the pictures, 0 to 1; rounded to a whole number of pictures
   */
  public static Set<String> first(Collection<String> hashes, double share) {
    List<String> sorted = hashes.stream().distinct().sorted().toList();
    return Set.copyOf(sorted.subList(0, (int) Math.round(sorted.size() * share)));
  }

  /**
   * Returns the parts of questions. Where the data set has no official validation part, pictures of
   * the train part make one.
   *
   * @param questions with their official splits
   * @param hashes the content's hash of each picture, by the picture's id
   * @param share of the train pictures that make the validation part
   */
  public static Map<String, List<VqaQuestion>> parts(
      List<VqaQuestion> questions, Map<String, String> hashes, double share) {
    boolean official = questions.stream().anyMatch(isOf(VALIDATION));
    Set<String> test = pictures(questions, hashes, isOf(TEST));
    Set<String> chosen =
        official ? Set.of() : first(pictures(questions, hashes, isOf(TRAIN)), share);
    Predicate<VqaQuestion> held = q -> chosen.contains(hash(hashes, q));
    Predicate<VqaQuestion> apart = q -> !test.contains(hash(hashes, q));
    Predicate<VqaQuestion> validation = isOf(VALIDATION).or(isOf(TRAIN).and(held));
    Predicate<VqaQuestion> train = isOf(TRAIN).and(held.negate());
    Map<String, List<VqaQuestion>> parts = new LinkedHashMap<>();
    parts.put(TRAIN, questions.stream().filter(train).toList());
    parts.put(VALIDATION, questions.stream().filter(validation).toList());
    parts.put(TEST, questions.stream().filter(isOf(TEST)).toList());
    parts.put(DISJOINT_TRAIN, questions.stream().filter(train.and(apart)).toList());
    parts.put(DISJOINT_VALIDATION, questions.stream().filter(validation.and(apart)).toList());
    return parts;
  }

  /** Returns the hashes of the pictures of some questions. */
  static Set<String> pictures(
      List<VqaQuestion> questions, Map<String, String> hashes, Predicate<VqaQuestion> which) {
    return questions.stream()
        .filter(which)
        .map(question -> hash(hashes, question))
        .collect(Collectors.toSet());
  }

  private static Predicate<VqaQuestion> isOf(String split) {
    return question -> question.split().equals(split);
  }

  private static String hash(Map<String, String> hashes, VqaQuestion question) {
    String hash = hashes.get(question.pictureId());
    if (hash == null) {
      throw new IllegalArgumentException(
          "The picture '%s' has no hash".formatted(question.pictureId()));
    }
    return hash;
  }
}
