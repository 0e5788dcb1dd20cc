package org.llavamed.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {
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
  void onATerminalABarIsDrawnOverItself() {
    try (var display = new ProgressDisplay(out, true, Integer.MAX_VALUE, now::get)) {
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
    try (var display = new ProgressDisplay(out, false, 50, now::get)) {
      display.at("work", 0, 3);
      pass(Duration.ofSeconds(9));
      display.at("work", 1, 3);
      pass(Duration.ofSeconds(1));
      display.at("work", 2, 3);
      display.at("work", 3, 3);
      pass(Duration.ofSeconds(10));
      display.at("unknown size", 7, 0);
      display.at("unknown size", 8, 0);
    }
    assertThat(text()).isEqualTo("work: 0 of 3\nwork: 2 of 3\nwork: 3 of 3\nunknown size: 7\n");
  }

  @Test
  void whatDoesNotFitALineOfTheTerminalIsCut() {
    new ProgressDisplay(out, true, 40, now::get).at("abc\uD83E\uDDE0defg", 0, 4);
    assertThat(text()).isEqualTo("\r\u001b[K[" + ".".repeat(30) + "] 0 of 4");
    written.getBuffer().setLength(0);
    new ProgressDisplay(out, true, 45, now::get).at("abc\uD83E\uDDE0defg", 0, 4);
    assertThat(text()).endsWith("] 0 of 4 abc\uD83E\uDDE0");
  }
}
