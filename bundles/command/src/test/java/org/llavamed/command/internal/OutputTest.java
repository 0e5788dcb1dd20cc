package org.llavamed.command.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OutputTest {
  private final StringWriter written = new StringWriter();
  private final PrintWriter out = new PrintWriter(written, true);
  private final AtomicLong now = new AtomicLong(-5);

  private String text() {
    return written.toString().replace(System.lineSeparator(), "\n");
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void longCellsAreBrokenAtBlanksAndNothingIsLost() {
    var table = new Table("A", "B");
    table.add("x".repeat(50), "word ".repeat(12));
    table.print(out, Integer.MAX_VALUE);
    assertThat(text())
        .isEqualTo(
            "A%sB\n%s  %s\n%s%sword word word\n"
                .formatted(
                    " ".repeat(45),
                    "x".repeat(44),
                    "word ".repeat(9).strip(),
                    "x".repeat(6),
                    " ".repeat(40)));
  }

  @Test
  void aTableFitsTheTerminalAsLongAsItsColumnsAreNotTooNarrow() {
    var table = new Table("A", "B");
    table.add("word ".repeat(8).strip(), "yes");
    table.print(out, 20);
    assertThat(text().lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(20));
    written.getBuffer().setLength(0);
    table.print(out, 1);
    assertThat(text()).startsWith("A         B\nword      yes\nword\n");
  }

  @Test
  void theWidthOfATerminalIsWhatTheStartScriptSays() {
    System.setProperty(Terminal.PROPERTY, "true");
    System.setProperty(Terminal.COLUMNS, "97");
    try {
      assertThat(Terminal.columns()).isEqualTo(97);
      System.setProperty(Terminal.COLUMNS, "3");
      assertThat(Terminal.columns()).isEqualTo(40);
      System.setProperty(Terminal.COLUMNS, "");
      assertThat(Terminal.columns()).isEqualTo(Integer.MAX_VALUE);
      System.setProperty(Terminal.COLUMNS, "97");
      System.setProperty(Terminal.PROPERTY, "false");
      assertThat(Terminal.columns()).isEqualTo(Integer.MAX_VALUE);
    } finally {
      System.clearProperty(Terminal.COLUMNS);
      System.clearProperty(Terminal.PROPERTY);
    }
  }

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
  void outputThatCannotBeWrittenIsNoSuccess() {
    var stream =
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("No space left on device");
              }
            });
    PrintWriter full = Dispatcher.utf8(stream);
    assertThat(Dispatcher.checkWhole(0, full, out, false)).isZero();
    full.println("x");
    assertThat(Dispatcher.checkWhole(0, full, out, true)).isEqualTo(1);
    assertThat(text()).isEmpty();
    assertThat(Dispatcher.checkWhole(0, full, out, false)).isEqualTo(1);
    assertThat(Dispatcher.checkWhole(2, full, out, true)).isEqualTo(2);
    assertThat(text())
        .isEqualTo(
            "llavamed: standard output is cut, since it cannot be written. Look whether its disk is"
                + " full.\n");
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

  @Test
  void onATerminalABarIsDrawnOverItself() {
    try (var display = new ProgressDisplay(out, true, now::get)) {
      display.at("first", 0, 4);
      display.at("too soon", 1, 4);
      pass(Duration.ofMillis(100));
      display.at("second", 2, 4);
      display.println("failed: x");
      display.at("last", 4, 4);
    }
    String clear = "\r\u001b[K";
    assertThat(text())
        .isEqualTo(
            clear
                + "["
                + ".".repeat(30)
                + "] 0 of 4 first"
                + clear
                + "["
                + "#".repeat(15)
                + ".".repeat(15)
                + "] 2 of 4 second"
                + clear
                + "failed: x\n"
                + clear
                + "["
                + "#".repeat(30)
                + "] 4 of 4 last"
                + clear);
  }

  @Test
  void elsewhereThereArePlainLinesTenSecondsApart() {
    try (var display = new ProgressDisplay(out, false, now::get)) {
      display.at("work", 0, 3);
      pass(Duration.ofSeconds(9));
      display.at("work", 1, 3);
      pass(Duration.ofSeconds(1));
      display.at("work", 2, 3);
      display.at("work", 3, 3);
      pass(Duration.ofSeconds(10));
      display.at("unknown size", 7, 0);
    }
    assertThat(text()).isEqualTo("work: 0 of 3\nwork: 2 of 3\nwork: 3 of 3\nunknown size: 7\n");
  }
}
