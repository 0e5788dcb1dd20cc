package org.llavamed.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTest {
  @Test
  void textFromFilesCannotSteerTheTerminal() {
    assertThat(Text.line("a\tb\n\u001b]0;x\u0007\u202e c ")).isEqualTo("a b ?]0;x?? c");
    assertThat(Text.printable("a\nb\rc")).isEqualTo("a\nb?c");
    assertThat(Text.line("Ünïcödé 脳 \uD83E\uDDE0")).isEqualTo("Ünïcödé 脳 \uD83E\uDDE0");
  }

  @Test
  void wrappingCountsCharactersOutsideTheBasicPlaneOnce() {
    assertThat(Text.wrap("\uD83E\uDDE0".repeat(3), 2))
        .containsExactly("\uD83E\uDDE0\uD83E\uDDE0", "\uD83E\uDDE0");
    assertThat(Text.wrap("", 3)).containsExactly("");
    assertThat(Text.wrap("ab cd", 3)).containsExactly("ab", "cd");
    assertThat(Text.wrap("abc d", 3)).containsExactly("abc", "d");
  }

  @Test
  void aMessageLosesTheNameThatItsLineBeginsWith() {
    assertThat(Text.without("/a/b", "/a/b: is bad.")).isEqualTo("is bad.");
    assertThat(Text.without("/a/b", "/a/bc: is bad.")).isEqualTo("/a/bc: is bad.");
  }

  @Test
  void manyNamesAreCutShort() {
    assertThat(Text.some(List.of("a", "b"), 2)).isEqualTo("a, b");
    assertThat(Text.some(List.of("a", "b", "c"), 2)).isEqualTo("a, b and 1 more");
  }
}
