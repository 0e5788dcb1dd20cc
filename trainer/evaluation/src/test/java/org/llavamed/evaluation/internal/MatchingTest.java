package org.llavamed.evaluation.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.llavamed.data.DataException;
import org.llavamed.data.VqaQuestion;

final class MatchingTest {
  private static final List<VqaQuestion> QUESTIONS =
      List.of(
          Questions.closed("7", "a", "Is it large?", "yes"),
          Questions.closed("8", "b", "Is it large?", "no"),
          Questions.open("9", "b", "What is it?", "a lung"));

  private static Matching match(AnswerLine... lines) {
    return Matching.of(Path.of("file.jsonl"), List.of(lines), QUESTIONS);
  }

  private static AnswerLine line(String id, String prompt, String text) {
    return new AnswerLine(id, prompt, text, "", "", "", OptionalDouble.empty());
  }

  @Test
  void anIdCountsWhereTheTextAgrees() {
    Matching matching =
        match(line("9", "What is it?", "lung"), line("8", "Is it large?", "to the second"));
    assertThat(matching.byId()).isEqualTo(2);
    assertThat(matching.answered())
        .extracting(one -> one.question().id() + " " + one.text())
        .containsExactly("8 to the second", "9 lung");
    assertThat(matching.method())
        .isEqualTo(
            "2 answers by id and text, 0 by text in order; 1 questions without an answer, not"
                + " scored");
  }

  @Test
  void anIdOfAnotherQuestionIsIgnoredAndTheTextDecidesInOrder() {
    Matching matching =
        match(
            line("9", "Is it large?", "first"),
            line("7", "What is it?", "third"),
            line("1", "is it  LARGE?\n<image>", "second"));
    assertThat(matching.byId()).isZero();
    assertThat(matching.byText()).isEqualTo(3);
    assertThat(matching.answered())
        .extracting(Answered::text)
        .containsExactly("first", "second", "third");
  }

  @Test
  void aSecondAnswerToAQuestionThatItsIdNamesIsToNoOtherQuestion() {
    Matching matching =
        match(line("7", "Is it large?", "first"), line("7", "Is it large?", "again"));
    assertThat(matching.answered())
        .extracting(one -> one.question().id() + " " + one.text())
        .containsExactly("7 first");
    assertThat(matching.repeated()).isEqualTo(1);
    assertThat(matching.foreign()).isZero();
    assertThat(matching.method()).contains("; 1 after the first to their question");
  }

  @Test
  void aTextWithAnotherNumberOfAnswersThanOfQuestionsIsNotScored() {
    Matching matching =
        match(line("x", "Is it large?", "of which?"), line("9", "What is it?", "l"));
    assertThat(matching.answered()).extracting(Answered::text).containsExactly("l");
    assertThat(matching.ambiguous()).isEqualTo(2);
    assertThat(matching.foreign()).isZero();
    assertThat(matching.method())
        .isEqualTo(
            "1 answers by id and text, 0 by text in order; 2 questions ambiguous: another number of"
                + " answers has their text; 2 questions without an answer, not scored");
    assertThat(
            match(
                    line("x", "What is it?", "a"),
                    line("y", "What is it?", "b"),
                    line("7", "Is it large?", "c"))
                .answered())
        .extracting(Answered::text)
        .containsExactly("c");
  }

  @Test
  void offeredAnswersBehindTheQuestionAreNoPartOfIt() {
    Matching matching =
        match(
            line("7", "Is it large? Please choose from the following two options: [yes, no]", "x"));
    assertThat(matching.byId()).isEqualTo(1);
  }

  @Test
  void answersToOtherQuestionsAreCounted() {
    assertThat(match(line("7", "Is it large?", "x"), line("5", "Is it small?", "y")).method())
        .contains("1 to no question of the split");
  }

  @Test
  void aFileOfOtherQuestionsIsRefused() {
    assertThatThrownBy(() -> match(line("7", "Is it small?", "y")))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "file.jsonl: none of its 1 answers is to one of the 3 questions. Name the data and the"
                + " split that were asked.");
  }
}
