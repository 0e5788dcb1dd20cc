package org.llavamed.result.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavamed.inference.Answer;
import org.llavamed.inference.Answer.StopReason;

final class WordsTest {
  @Test
  void longLinesAreCutAtAWordWithoutBackslashes() {
    assertThat(Words.shorten("a\\b", 64)).isEqualTo("a/b");
    assertThat(Words.shorten("one two three four", 15)).isEqualTo("one two...");
    assertThat(Words.shorten("x".repeat(80), 64)).hasSize(64).endsWith("x...");
    assertThat(Words.shorten("x".repeat(12) + "\uD83E\uDDE0".repeat(30), 16))
        .isEqualTo("x".repeat(12) + "...");
  }

  @Test
  void probabilitiesArePercentagesWithOneDecimal() {
    assertThat(Words.percent(0)).isEqualTo("0.0");
    assertThat(Words.percent(0.93149)).isEqualTo("93.1");
    assertThat(Words.percent(1)).isEqualTo("100.0");
    assertThat(Words.percent(1e-9)).isEqualTo("0.0");
  }

  @Test
  void controlCharactersBecomeBlanks() {
    assertThat(Words.line(" a\r\n\u0007b ")).isEqualTo("a b");
    assertThat(Words.lines("a\r\nb\u001b")).isEqualTo("a\nb");
  }

  @Test
  void anAnswerThatIsNotWholeSaysSo() {
    assertThat(Words.answer(answer("Brain", StopReason.MAX_NEW_TOKENS)))
        .isEqualTo("Brain (cut off: the most tokens allowed were written)");
    assertThat(Words.answer(answer("Brain", StopReason.CONTEXT_FULL)))
        .isEqualTo("Brain (cut off: the model's context is full)");
    assertThat(Words.answer(answer(" ", StopReason.END_OF_SEQUENCE))).isEqualTo("(no text)");
  }

  private static Answer answer(String text, StopReason stop) {
    return new Answer(text, List.of(1), List.of(), 0.5, List.of(), stop, 10);
  }
}
