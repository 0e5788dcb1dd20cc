package org.llavamed.trainer.internal;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.llavamed.command.ProgressDisplay;
import org.llavamed.command.Text;
import org.llavamed.learning.run.RunEvent.Evaluated;
import org.llavamed.learning.run.RunEvent.LeftOut;
import org.llavamed.learning.run.RunEvent.Preparing;
import org.llavamed.learning.run.RunEvent.Started;
import org.llavamed.learning.run.RunEvent.Step;

/**
 * Shows how training goes on: on a terminal a bar that is drawn again and again, elsewhere a line a
 * minute. Speeds are means of the last {@value #WINDOW} steps.
 */
final class TrainingDisplay implements AutoCloseable {
  private static final int WINDOW = 20;
  private static final int EXAMPLES = 3;
  private static final Duration LINES_APART = Duration.ofMinutes(1);

  private final ProgressDisplay display;
  private final boolean terminal;
  private final LongSupplier nanoTime;
  private final Deque<Step> last = new ArrayDeque<>();
  private long steps;
  private long next = Long.MIN_VALUE;

  TrainingDisplay(PrintWriter err, boolean terminal) {
    this(new ProgressDisplay(err, terminal), terminal, System::nanoTime);
  }

  TrainingDisplay(ProgressDisplay display, boolean terminal, LongSupplier nanoTime) {
    this.display = display;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
  }

  /** Prints a line that stays. */
  void println(String line) {
    display.println(line);
  }

  /** Returns what shows other work. */
  ProgressDisplay progress() {
    return display;
  }

  void preparing(Preparing work) {
    display.at(work.what(), work.done(), work.total());
  }

  void started(Started started) {
    steps = started.steps();
    last.clear();
    next = Long.MIN_VALUE;
    display.println(
        "%,d of %,d parameters are trained on %s, %s; %s, %,d samples, %.1f steps an epoch"
            .formatted(
                started.trained(),
                started.parameters(),
                Text.count(started.processes(), "process", "processes"),
                started.device(),
                started.resumedFrom() == null
                    ? "%d steps".formatted(steps)
                    : "from step %d of %d".formatted(started.step(), steps),
                started.samples(),
                started.stepsPerEpoch()));
  }

  void leftOut(LeftOut samples) {
    display.println(
        "%d left out, %s: %s"
            .formatted(samples.count(), samples.reason(), Text.some(samples.examples(), EXAMPLES)));
  }

  void step(Step step) {
    last.addLast(step);
    if (last.size() > WINDOW) {
      last.removeFirst();
    }
    if (terminal) {
      display.at(figures(step), step.step(), steps);
      return;
    }
    long now = nanoTime.getAsLong();
    if (next == Long.MIN_VALUE || now - next >= 0 || step.step() == steps) {
      next = now + LINES_APART.toNanos();
      display.println("step %d of %d: %s".formatted(step.step(), steps, figures(step)));
    }
  }

  void evaluated(Evaluated evaluated) {
    display.println(
        String.format(
            Locale.ROOT,
            "step %d: validation loss %.4f, %.1f %% of the answers' tokens right",
            evaluated.step(),
            evaluated.loss(),
            100 * evaluated.accuracy()));
  }

  private String figures(Step step) {
    double seconds = last.stream().mapToDouble(Step::seconds).sum();
    double tokens = last.stream().mapToLong(Step::tokens).sum();
    double samples = last.stream().mapToLong(Step::samples).sum();
    return String.format(
        Locale.ROOT,
        "loss %.4f, %.0f tokens/s, %.1f samples/s, %s, %d MB",
        step.loss(),
        tokens / seconds,
        samples / seconds,
        left(seconds / last.size() * (steps - step.step())),
        step.residentBytes() >> 20);
  }

  private static String left(double seconds) {
    return time(Duration.ofSeconds(Math.round(seconds))) + " left";
  }

  /** Returns a duration in its two largest units. */
  static String time(Duration time) {
    if (time.toHours() > 0) {
      return "%d h %02d min".formatted(time.toHours(), time.toMinutesPart());
    }
    return time.toMinutes() > 0
        ? "%d min %02d s".formatted(time.toMinutes(), time.toSecondsPart())
        : "%d s".formatted(time.toSeconds());
  }

  @Override
  public void close() {
    display.close();
  }
}
