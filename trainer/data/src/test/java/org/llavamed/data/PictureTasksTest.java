package org.llavamed.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.data.PictureTasks.Variety;
import org.llavamed.preprocess.Tokenizer;

final class PictureTasksTest {
  private static final List<VqaQuestion> QUESTIONS =
      List.of(
          question("1", "a.png", "Is there a pleural effusion?", "Yes", "PRES", "CHEST"),
          question("2", "a.png", "What is the size of the heart?", "Normal", "SIZE", "CHEST"),
          question("3", "b.png", "Is a pleural effusion present?", "no", "PRES", "CHEST"),
          question("4", "c.png", "Is this an axial plane?", "Yes", "PLANE", "CHEST"),
          question("5", "d.png", "Is the ventricle enlarged?", "No", "SIZE", "HEAD"),
          question("6", "e.png", "What is the modality?", "MRI", "MODALITY", "HEAD"));
  private static final List<String> WORDS = List.of("the", "lung", "very", "rare", "words", "here");

  @TempDir private Path folder;

  @Test
  void questionsKeepTheirWordingFirstAndTheirAnswerInLowerCase() {
    List<Sample> samples = made(PictureTasks.QUESTIONS, 3, 0);
    assertThat(samples).hasSize(18);
    assertThat(samples.get(0).turns().get(0).question()).isEqualTo("Is there a pleural effusion?");
    assertThat(samples.subList(3, 6))
        .extracting(sample -> sample.turns().get(0).answer())
        .containsOnly("normal");
    assertThat(samples).extracting(Sample::id).doesNotHaveDuplicates().contains("2-wording-3");
  }

  @Test
  void otherWordingsHaveWordsOfTheQuestionOnly() {
    List<Sample> samples = made(PictureTasks.QUESTIONS, 200, 0).subList(0, 200);
    List<String> wordings =
        samples.stream().map(sample -> sample.turns().get(0).question()).toList();
    assertThat(wordings)
        .allSatisfy(
            wording ->
                assertThat(List.of("is", "there", "a", "pleural", "effusion", "effusion?"))
                    .containsAll(List.of(wording.toLowerCase(Locale.ROOT).split(" "))));
    assertThat(wordings)
        .contains("is there a pleural effusion?", "Is there a pleural effusion")
        .anyMatch(wording -> wording.split(" ").length < 5);
    assertThat(wordings.stream().distinct().count()).isGreaterThan(10);
  }

  @Test
  void noWordingLosesANegationOrASide() {
    List<VqaQuestion> one =
        List.of(question("1", "a.png", "Is it not in the Left lung?", "yes", "POS", "CHEST"));
    Path out = folder.resolve("negated");
    new PictureTasks(one, new Variety(200, 0, 1)).write(out, WORDS);
    try (SampleFile samples = SampleFile.open(out.resolve(PictureTasks.QUESTIONS))) {
      assertThat(samples.stream())
          .allSatisfy(
              sample ->
                  assertThat(sample.turns().get(0).question().toLowerCase(Locale.ROOT))
                      .contains("not ")
                      .contains("left"));
    }
  }

  @Test
  void eachPictureIsCalledByAWordOfItsOwn() {
    List<Sample> samples = made(PictureTasks.NAMES, 1, 0);
    assertThat(samples)
        .extracting(sample -> sample.image().orElseThrow(), sample -> answer(sample))
        .containsExactly(
            tuple("a.png", "here"),
            tuple("b.png", "words"),
            tuple("c.png", "rare"),
            tuple("d.png", "very"),
            tuple("e.png", "lung"));
  }

  @Test
  void organsAreThoseOfTheQuestions() {
    assertThat(made(PictureTasks.ORGANS, 1, 0))
        .hasSize(10)
        .filteredOn(sample -> sample.image().equals(Optional.of("e.png")))
        .allSatisfy(sample -> assertThat(answer(sample)).isEqualTo("head"));
  }

  @Test
  void counterpartsAreOfPicturesOfTheSamePartThatNothingAlikeIsKnownOf() {
    List<Sample> samples = made(PictureTasks.COUNTERPARTS, 1, 4);
    assertThat(samples)
        .extracting(Sample::id)
        .containsExactlyInAnyOrder(
            "yes-of-1-c.png",
            "no-of-1-c.png",
            "yes-of-3-c.png",
            "no-of-3-c.png",
            "yes-of-5-e.png",
            "no-of-5-e.png");
    assertThat(samples)
        .allSatisfy(sample -> assertThat(sample.id()).startsWith(answer(sample) + "-of"));
  }

  @Test
  void theSameSeedMakesTheSameFiles() throws Exception {
    var tasks = new PictureTasks(QUESTIONS, new Variety(5, 2, 7));
    tasks.write(folder.resolve("a"), WORDS);
    tasks.write(folder.resolve("b"), WORDS);
    for (String name : List.of(PictureTasks.QUESTIONS, PictureTasks.COUNTERPARTS)) {
      assertThat(folder.resolve("a").resolve(name))
          .hasSameTextualContentAs(folder.resolve("b").resolve(name));
    }
  }

  @Test
  void tooFewWordsAreNamedAndNothingIsLeft() {
    Path out = folder.resolve("out");
    var tasks = new PictureTasks(QUESTIONS, new Variety(1, 0, 0));
    assertThatThrownBy(() -> tasks.write(out, WORDS.subList(0, 4)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("there are 4, expected one for each of 5 pictures");
    assertThat(Files.exists(out)).isFalse();
  }

  @Test
  void wordsOfATokenizerAreOneTokenBehindABlank() {
    Path file = Path.of("src/test/resources/org/llavamed/data/tokenizer-byte-level.json");
    try (Tokenizer tokenizer = Tokenizer.open(file)) {
      List<String> words = OneTokenWords.of(tokenizer);
      assertThat(words).isNotEmpty().doesNotHaveDuplicates();
      assertThat(words)
          .allSatisfy(
              word -> {
                assertThat(word).matches("[a-z]{4,}");
                assertThat(tokenizer.encode("no " + word))
                    .hasSize(tokenizer.encode("no").size() + 1);
              });
    }
  }

  private List<Sample> made(String file, int wordings, int counterparts) {
    Path out = folder.resolve("made");
    new PictureTasks(QUESTIONS, new Variety(wordings, counterparts, 1)).write(out, WORDS);
    try (SampleFile samples = SampleFile.open(out.resolve(file))) {
      return samples.stream().toList();
    }
  }

  private static String answer(Sample sample) {
    return sample.turns().get(0).answer();
  }

  private static VqaQuestion question(
      String id, String picture, String text, String answer, String type, String organ) {
    boolean closed = answer.equalsIgnoreCase("yes") || answer.equalsIgnoreCase("no");
    return new VqaQuestion(
        id,
        Path.of(picture),
        picture,
        text,
        answer,
        closed ? AnswerType.CLOSED : AnswerType.OPEN,
        Optional.of(type),
        Optional.of(organ),
        Splits.TRAIN);
  }
}
