package org.llavamed.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Over random sets of questions, some of whose pictures are the same file under two names. */
final class SplitsTest {
  private static final int ROUNDS = 100;

  private final Map<String, String> hashes = new HashMap<>();

  @Test
  void noPictureIsInTwoParts() {
    for (int round = 0; round < ROUNDS; round++) {
      Map<String, List<VqaQuestion>> parts = Splits.parts(questions(round, false), hashes, 0.3);
      assertThat(hashes(parts, Splits.TRAIN))
          .doesNotContainAnyElementsOf(hashes(parts, Splits.VALIDATION));
      for (String disjoint : List.of(Splits.DISJOINT_TRAIN, Splits.DISJOINT_VALIDATION)) {
        assertThat(hashes(parts, disjoint)).doesNotContainAnyElementsOf(hashes(parts, Splits.TEST));
      }
    }
  }

  @Test
  void trainAndValidationAreTheOfficialTrainSplitTogether() {
    List<VqaQuestion> questions = questions(1, false);
    Map<String, List<VqaQuestion>> parts = Splits.parts(questions, hashes, 0.3);
    List<VqaQuestion> joined = new ArrayList<>(part(parts, Splits.TRAIN));
    joined.addAll(part(parts, Splits.VALIDATION));
    assertThat(joined)
        .containsExactlyInAnyOrderElementsOf(
            questions.stream().filter(q -> q.split().equals(Splits.TRAIN)).toList());
    assertThat(part(parts, Splits.TEST))
        .isEqualTo(questions.stream().filter(q -> q.split().equals(Splits.TEST)).toList());
  }

  @Test
  void theDisjointPartsAreAllQuestionsAboutPicturesOfNoTestQuestion() {
    List<VqaQuestion> questions = questions(2, false);
    Map<String, List<VqaQuestion>> parts = Splits.parts(questions, hashes, 0.3);
    List<VqaQuestion> joined = new ArrayList<>(part(parts, Splits.DISJOINT_TRAIN));
    joined.addAll(part(parts, Splits.DISJOINT_VALIDATION));
    Set<String> test = hashes(parts, Splits.TEST);
    assertThat(joined)
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(
            questions.stream()
                .filter(q -> q.split().equals(Splits.TRAIN))
                .filter(q -> !test.contains(hashes.get(q.pictureId())))
                .toList());
    assertThat(part(parts, Splits.TRAIN)).containsAll(part(parts, Splits.DISJOINT_TRAIN));
  }

  @Test
  void anOfficialValidationSplitIsTakenAsItIs() {
    List<VqaQuestion> questions = questions(3, true);
    Map<String, List<VqaQuestion>> parts = Splits.parts(questions, hashes, 0.3);
    for (String split : List.of(Splits.TRAIN, Splits.VALIDATION, Splits.TEST)) {
      assertThat(part(parts, split))
          .isNotEmpty()
          .isEqualTo(questions.stream().filter(q -> q.split().equals(split)).toList());
    }
  }

  @Test
  void theShareIsOfPicturesAndTheChoiceIsAlwaysTheSame() {
    Set<String> hashes = Set.of("c", "a", "e", "b", "d");
    assertThat(Splits.first(hashes, 0.4)).containsExactlyInAnyOrder("a", "b");
    assertThat(Splits.first(hashes, 0)).isEmpty();
    assertThat(Splits.first(hashes, 1)).isEqualTo(hashes);
  }

  private List<VqaQuestion> questions(long seed, boolean official) {
    var random = new SplittableRandom(seed);
    hashes.clear();
    List<VqaQuestion> questions = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String picture = "p" + random.nextInt(40);
      hashes.put(picture, "h" + Integer.parseInt(picture.substring(1)) % 33);
      String split = random.nextInt(10) == 0 ? Splits.TEST : Splits.TRAIN;
      split = official && random.nextInt(5) == 0 ? Splits.VALIDATION : split;
      questions.add(question("q" + i, picture, split));
    }
    return questions;
  }

  private static VqaQuestion question(String id, String picture, String split) {
    return new VqaQuestion(
        id,
        Path.of(picture),
        picture,
        "?",
        "a",
        AnswerType.OPEN,
        Optional.empty(),
        Optional.empty(),
        split);
  }

  private Set<String> hashes(Map<String, List<VqaQuestion>> parts, String part) {
    return part(parts, part).stream()
        .map(question -> hashes.getOrDefault(question.pictureId(), ""))
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static List<VqaQuestion> part(Map<String, List<VqaQuestion>> parts, String name) {
    return parts.getOrDefault(name, List.of());
  }
}
