package org.llavamed.trainer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.llavamed.command.ProgressDisplay;
import org.llavamed.learning.run.RunEvent.Evaluated;
import org.llavamed.learning.run.RunEvent.LeftOut;
import org.llavamed.learning.run.RunEvent.Started;

class TrainingDisplayTest {
  private static final Started STARTED =
      new Started(0, 500, 62.5, 1000, 5_400_000, 1_200_000, "cpu", "PyTorch", 2, null);

  private final StringWriter written = new StringWriter();
  private final PrintWriter err = new PrintWriter(written, true);
  private final AtomicLong now = new AtomicLong(-7);

  private TrainingDisplay display(boolean terminal) {
    return new TrainingDisplay(new ProgressDisplay(err, terminal), terminal, now::get);
  }

  private String text() {
    return written.toString().replace(System.lineSeparator(), "\n");
  }

  @Test
  void withoutATerminalThereIsALineAMinuteAndOneForTheLastStep() {
    TrainingDisplay display = display(false);
    display.started(STARTED);
    for (int i = 1; i <= 500; i++) {
      display.step(MetricsFileTest.step(i));
      now.addAndGet(Duration.ofMillis(400).toNanos());
    }
    assertThat(text())
        .isEqualTo(
            """
            1,200,000 of 5,400,000 parameters are trained on 2 processes, cpu; 500 steps, 1,000 samples, 62.5 steps an epoch
            step 1 of 500: loss 2.0000, 750 tokens/s, 20.0 samples/s, 3 min 20 s left, 700 MB
            step 151 of 500: loss 0.0132, 750 tokens/s, 20.0 samples/s, 2 min 20 s left, 700 MB
            step 301 of 500: loss 0.0066, 750 tokens/s, 20.0 samples/s, 1 min 20 s left, 700 MB
            step 451 of 500: loss 0.0044, 750 tokens/s, 20.0 samples/s, 20 s left, 700 MB
            step 500 of 500: loss 0.0040, 750 tokens/s, 20.0 samples/s, 0 s left, 700 MB
            """);
  }

  @Test
  void onATerminalThereIsABar() {
    TrainingDisplay display = display(true);
    display.started(STARTED);
    display.step(MetricsFileTest.step(250));
    assertThat(text())
        .endsWith(
            "\r\u001b[K["
                + "#".repeat(15)
                + ".".repeat(15)
                + "] 250 of 500 loss 0.0080,"
                + " 750 tokens/s, 20.0 samples/s, 1 min 40 s left, 700 MB");
    display.close();
    assertThat(text()).endsWith("\r\u001b[K");
  }

  @Test
  void evaluationsAndWhatIsLeftOutStay() {
    TrainingDisplay display = display(false);
    display.evaluated(new Evaluated(50, 1.23456, 0.5, 9));
    display.leftOut(new LeftOut("no such picture", 4, List.of("a", "b\u001b", "c", "d")));
    assertThat(text())
        .isEqualTo(
            """
            step 50: validation loss 1.2346, 50.0 % of the answers' tokens right
            4 left out, no such picture: a, b?, c and 1 more
            """);
  }

  @Test
  void longTimesAreToldInHours() {
    assertThat(TrainingDisplay.time(Duration.ofSeconds(7 * 3600 + 5 * 60 + 59)))
        .isEqualTo("7 h 05 min");
    assertThat(TrainingDisplay.time(Duration.ofHours(100))).isEqualTo("100 h 00 min");
  }
}
