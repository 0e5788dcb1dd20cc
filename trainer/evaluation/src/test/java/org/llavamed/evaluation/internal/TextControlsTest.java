package org.llavamed.evaluation.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.llavamed.data.VqaQuestion;

final class TextControlsTest {
  private static final TextControls CONTROLS =
      new TextControls(
          List.of(
              of("1", "a", "Is the heart large?", "No", "SIZE"),
              of("2", "a", "Is the lung clear?", "yes", "PRES"),
              of("3", "b", "Is the heart very large?", "yes", "SIZE"),
              of("4", "b", "Is the heart seen?", "no.", "SIZE"),
              Questions.open("5", "b", "Where is the mass?", "left lung"),
              Questions.open("6", "a", "Where is the mass?", "right lung"),
              Questions.open("7", "c", "What is this?", "left lung")));

  private static VqaQuestion of(
      String id, String picture, String text, String answer, String type) {
    VqaQuestion one = Questions.closed(id, picture, text, answer);
    return new VqaQuestion(
        id,
        one.picture(),
        picture,
        text,
        answer,
        one.type(),
        Optional.of(type),
        one.organ(),
        "train");
  }

  private static String answer(Control control, VqaQuestion question) {
    return CONTROLS.answers(control, List.of(question)).get(0).text();
  }

  @Test
  void theMostFrequentAnswerIsThatOfTheAnswerType() {
    assertThat(answer(Control.MOST_FREQUENT, Questions.open("9", "z", "Where?", "?")))
        .isEqualTo("left lung");
    assertThat(answer(Control.MOST_FREQUENT, Questions.closed("9", "z", "Is it?", "?")))
        .isEqualTo("no");
  }

  @Test
  void theMostFrequentAnswerByTypeLooksAtTheQuestionTypeToo() {
    assertThat(answer(Control.MOST_FREQUENT_BY_TYPE, of("9", "z", "Is it?", "?", "PRES")))
        .isEqualTo("yes");
    assertThat(answer(Control.MOST_FREQUENT_BY_TYPE, of("9", "z", "Is it?", "?", "COLOR")))
        .isEqualTo("no");
  }

  @Test
  void theNearestQuestionSharesMostWordsAndTheFirstOfEqualsWins() {
    VqaQuestion asked = Questions.closed("9", "b", "is heart LARGE", "?");
    assertThat(answer(Control.NEAREST_QUESTION, asked)).isEqualTo("No");
    assertThat(
            answer(Control.NEAREST_QUESTION, Questions.open("9", "a", "Where is the mass?", "?")))
        .isEqualTo("left lung");
  }

  @Test
  void withinThePictureOnlyItsQuestionsAreCompared() {
    VqaQuestion asked = Questions.closed("9", "b", "is heart LARGE", "?");
    assertThat(answer(Control.NEAREST_QUESTION_SAME_PICTURE, asked)).isEqualTo("yes");
    VqaQuestion unknown = Questions.closed("9", "z", "is heart LARGE", "?");
    assertThat(answer(Control.NEAREST_QUESTION_SAME_PICTURE, unknown)).isEqualTo("No");
  }

  @Test
  void theConstantSaysBothAndTheCommonestWordsOfOpenAnswers() {
    assertThat(answer(Control.CONSTANT, Questions.open("9", "z", "Where?", "?")))
        .isEqualTo("yes no lung left right");
  }

  @Test
  void aControlThatNeedsAModelIsNoneOfThese() {
    assertThatThrownBy(() -> CONTROLS.answers(Control.BLANK, List.of()))
        .hasMessage("blank needs a model");
  }
}
