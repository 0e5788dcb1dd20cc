package org.llavamed.command.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class OutputTest {
  private final StringWriter written = new StringWriter();
  private final PrintWriter out = new PrintWriter(written, true);

  private String text() {
    return written.toString().replace(System.lineSeparator(), "\n");
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
}
