package org.llavamed.evaluation.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.data.DataException;
import org.llavamed.data.VqaQuestion;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.Picture;
import org.llavamed.inference.Generation;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.Progress;
import org.llavamed.inference.Query;

final class InterviewTest {
  private static final List<VqaQuestion> QUESTIONS =
      List.of(
          Questions.closed("1", "dark", "Is it large?", "yes"),
          Questions.closed("2", "light", "Is it small?", "yes"),
          Questions.closed("3", "dark", "Is it round?", "no"),
          Questions.closed("4", "broken", "Is it flat?", "no"),
          Questions.closed("5", "light", "Is it old?", "no"));

  @TempDir private Path folder;

  private final FakeRuntime runtime = new FakeRuntime();

  private static Picture picture(Path file) {
    if (file.endsWith("broken")) {
      throw ImagingException.damaged(file, "it is damaged", "Copy it again");
    }
    return new Picture(
        1, 1, 1, ByteBuffer.wrap(new byte[] {(byte) (file.endsWith("dark") ? 9 : 200)}));
  }

  private static Sight sight() {
    return new Sights(QUESTIONS, InterviewTest::picture).own();
  }

  private AnswerStore store(String model) {
    return AnswerStore.open(folder.resolve("answers.jsonl"), model, "greedy", QUESTIONS, sight());
  }

  private List<String> ask(AnswerStore store, Generation generation, int atOnce) {
    return new Interview(runtime.open(folder), generation, atOnce, Progress.NONE)
        .ask("asking", QUESTIONS, sight(), store);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void eachPictureIsLookedAtOnceHoweverManyQuestionsAreUnderWay(int atOnce) throws IOException {
    try (AnswerStore store = store("m")) {
      assertThat(ask(store, Generation.GREEDY, atOnce))
          .containsExactly("broken: it is damaged. Copy it again.");
      assertThat(store.finish(QUESTIONS))
          .extracting(one -> one.question().id() + one.text())
          .containsExactly("1yes", "2no", "3yes", "5no");
    }
    assertThat(runtime.pictures).isEqualTo(2);
    assertThat(runtime.open).as("pictures that are not closed").isZero();
    assertThat(Files.readAllLines(folder.resolve("answers.jsonl")))
        .hasSize(4)
        .first()
        .asString()
        .contains(
            "\"question_id\":\"1\",\"prompt\":\"Is it large?\",\"text\":\"yes\",\"model_id\":\"m\"")
        .contains("RESEARCH USE ONLY");
    assertThat(folder.resolve("answers.jsonl.part")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 64})
  void answersThatComeLateAndOutOfOrderAreToTheirQuestions(int mostWaiting) {
    runtime.late = true;
    runtime.mostWaiting = mostWaiting;
    try (AnswerStore store = store("m")) {
      assertThat(ask(store, Generation.GREEDY, 4))
          .containsExactly("broken: it is damaged. Copy it again.");
      assertThat(store.finish(QUESTIONS))
          .extracting(one -> one.question().id() + one.text())
          .containsExactly("1yes", "2no", "3yes", "5no");
    }
    assertThat(runtime.open).as("pictures that are not closed").isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"large", "round", "old"})
  void aQuestionThatTheModelRefusesIsSaidAndTheOthersAreAsked(String word) {
    runtime.refused = word;
    try (AnswerStore store = store("m")) {
      assertThat(ask(store, Generation.GREEDY, 2))
          .hasSize(2)
          .filteredOn(one -> one.startsWith("question "))
          .singleElement()
          .asString()
          .matches(
              "question [135]: The prompt and its answer need 900 positions, the model's context"
                  + " has 512. Shorten the question.");
      assertThat(store.finish(QUESTIONS)).hasSize(3);
    }
    assertThat(runtime.open).as("pictures that are not closed").isZero();
  }

  @Test
  void answersAboutOtherPicturesAreNotGoneOnWith() throws IOException {
    Path picture = Files.writeString(folder.resolve("picture"), "a");
    var question = List.of(Questions.open("1", picture.toString(), "What?", "that"));
    Path file = folder.resolve("answers.jsonl");
    for (int i = 0; i < 2; i++) {
      Sight sight = new Sights(question, any -> picture(Path.of("dark"))).own();
      try (AnswerStore store = AnswerStore.open(file, "m", "greedy", question, sight)) {
        new Interview(runtime.open(folder), Generation.GREEDY, 1, Progress.NONE)
            .ask("asking", question, sight, store);
        store.finish(question);
      }
    }
    assertThat(runtime.queries).hasSize(1);
    Files.writeString(picture, "b");
    Sight changed = new Sights(question, any -> picture(Path.of("dark"))).own();
    assertThatThrownBy(() -> AnswerStore.open(file, "m", "greedy", question, changed))
        .isInstanceOf(DataException.class)
        .hasMessage(
            file
                + ": it has an answer to the question '1' about another picture than is shown now."
                + " Name another --out, or remove the file.");
  }

  @Test
  void drawnAnswersHaveASeedOfTheirOwnByTheirPlace() {
    try (AnswerStore store = store("m")) {
      ask(store, Generation.GREEDY.withSampling(0.5, 7, 1, 100), 1);
    }
    assertThat(runtime.queries)
        .extracting(Query::question, query -> query.generation().seed())
        .containsExactly(
            tuple("Is it large?", 100L),
            tuple("Is it round?", 102L),
            tuple("Is it small?", 101L),
            tuple("Is it old?", 104L));
    assertThat(runtime.queries).allMatch(query -> query.generation().topK() == 7);
  }

  @Test
  void anInterruptedRunGoesOnWhereItWas() throws IOException {
    runtime.failsAfter = 2;
    try (AnswerStore store = store("m")) {
      assertThatThrownBy(() -> ask(store, Generation.GREEDY, 1))
          .isInstanceOf(ModelException.class)
          .hasMessage("fake: it fails. Ask another.");
    }
    assertThat(runtime.open).as("pictures that are not closed").isZero();
    Path part = folder.resolve("answers.jsonl.part");
    assertThat(folder.resolve("answers.jsonl")).doesNotExist();
    Files.writeString(part, "{\"question_id\":\"5\",\"pro", StandardOpenOption.APPEND);

    runtime.failsAfter = Integer.MAX_VALUE;
    runtime.queries.clear();
    try (AnswerStore store = store("m")) {
      ask(store, Generation.GREEDY, 1);
      assertThat(store.finish(QUESTIONS)).hasSize(4);
    }
    assertThat(runtime.queries)
        .extracting(Query::question)
        .containsExactly("Is it small?", "Is it old?");

    runtime.queries.clear();
    try (AnswerStore store = store("m")) {
      ask(store, Generation.GREEDY, 1);
      assertThat(store.finish(QUESTIONS)).hasSize(4);
    }
    assertThat(runtime.queries).isEmpty();
  }

  @Test
  void answersOfAnotherModelAreNotGoneOnWith() {
    try (AnswerStore store = store("m")) {
      ask(store, Generation.GREEDY, 1);
      store.finish(QUESTIONS);
    }
    assertThatThrownBy(() -> store("n"))
        .isInstanceOf(DataException.class)
        .hasMessage(
            folder.resolve("answers.jsonl")
                + ": it has answers of the model m, expected n. Name another --out, or remove the"
                + " file.");
  }

  @Test
  void answersToOtherQuestionsOrSettingsAreNotGoneOnWith() {
    Path file = folder.resolve("answers.jsonl");
    try (AnswerStore store = store("m")) {
      ask(store, Generation.GREEDY, 1);
      store.finish(QUESTIONS);
    }
    assertThatThrownBy(() -> AnswerStore.open(file, "m", "drawn", QUESTIONS, sight()))
        .hasMessageContaining("it has answers to 'greedy', expected 'drawn'");
    assertThatThrownBy(
            () -> AnswerStore.open(file, "m", "greedy", QUESTIONS.subList(1, 5), sight()))
        .hasMessageContaining("the question '1', which is not in the split");
  }
}
