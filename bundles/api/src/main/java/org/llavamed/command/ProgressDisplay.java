package org.llavamed.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.llavamed.inference.Progress;

/**
 * Shows the progress of long work: a bar that is drawn again and again on a terminal; elsewhere
 * plain lines, the first at once and then at most one in ten seconds.
 */
public final class ProgressDisplay implements Progress, AutoCloseable {
  private static final int BAR = 30;
  private static final Duration LINES_APART = Duration.ofSeconds(10);
  private static final Duration DRAWINGS_APART = Duration.ofMillis(100);
  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter err;
  private final boolean terminal;
  private final int columns;
  private final LongSupplier nanoTime;
  private boolean drawn;
  private long next = Long.MIN_VALUE;

  /** Shows it on {@code err}; {@code terminal} says whether a person watches. */
  public ProgressDisplay(PrintWriter err, boolean terminal) {
    this(err, terminal, Terminal.columns(), System::nanoTime);
  }

  ProgressDisplay(PrintWriter err, boolean terminal, int columns, LongSupplier nanoTime) {
    this.err = err;
    this.terminal = terminal;
    this.columns = columns;
    this.nanoTime = nanoTime;
  }

  @Override
  public void at(String what, long done, long total) {
    long now = nanoTime.getAsLong();
    if (next != Long.MIN_VALUE && now - next < 0 && (total <= 0 || done < total)) {
      return;
    }
    next = now + (terminal ? DRAWINGS_APART : LINES_APART).toNanos();
    if (terminal) {
      err.print(CLEAR + fitting(bar(done, total) + Text.line(what)));
      err.flush();
      drawn = true;
    } else {
      String count = total > 0 || done > 0 ? ": " + of(done, total) : "";
      err.println(Text.line(what) + count);
    }
  }

  /** Prints a line that stays, above the bar. */
  public void println(String line) {
    close();
    err.println(Text.printable(line));
  }

  /** Takes the bar away. */
  @Override
  public void close() {
    if (drawn) {
      err.print(CLEAR);
      err.flush();
      drawn = false;
    }
  }

  /** A line that goes on in the next one could not be drawn over. */
  private String fitting(String line) {
    int characters = line.codePointCount(0, line.length());
    return characters < columns ? line : line.substring(0, line.offsetByCodePoints(0, columns - 1));
  }

  private static String bar(long done, long total) {
    if (total <= 0) {
      return "";
    }
    int full = (int) (BAR * Math.min(done, total) / total);
    return "[%s%s] %s ".formatted("#".repeat(full), ".".repeat(BAR - full), of(done, total));
  }

  private static String of(long done, long total) {
    return total > 0 ? "%d of %d".formatted(done, total) : Long.toString(done);
  }
}
