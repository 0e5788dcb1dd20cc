package org.llavamed.trainer.internal;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.llavamed.learning.TrainingException;
import org.llavamed.learning.run.RunEvent.Evaluated;
import org.llavamed.learning.run.RunEvent.Step;

/**
 * Writes metrics.csv: a line a step, with what was evaluated right after it. A line is written when
 * the next event comes, at the latest with the checkpoint of its step, and is there at once: the
 * end of the process costs no line before the last checkpoint. An interrupt does not close the
 * file.
 */
final class MetricsFile implements Closeable {
  /** The columns. Where something was not measured, nothing stands between the commas. */
  static final List<String> COLUMNS =
      List.of(
          "step",
          "epoch",
          "loss",
          "gradient_norm",
          "rate_tower",
          "rate_projector",
          "rate_decoder",
          "seconds",
          "tokens_per_second",
          "samples_per_second",
          "resident_mb",
          "validation_loss",
          "validation_accuracy");

  private static final String HEADER = String.join(",", COLUMNS) + "\n";
  private static final String NO_STEP = ",".repeat(COLUMNS.indexOf("validation_loss") - 1);

  private final OutputStream out;
  private @Nullable Step waiting;

  private MetricsFile(OutputStream out) {
    this.out = out;
  }

  /**
   * Opens the file of a run and cuts what lies behind the place where it goes on.
   *
   * @param step steps that are done
   * @throws TrainingException if there is a file with other columns
   */
  static MetricsFile open(Path file, long step) throws IOException {
    if (step > 0 && Files.exists(file) && Files.size(file) > 0) {
      cut(file, step);
      return new MetricsFile(new FileOutputStream(file.toFile(), true));
    }
    var metrics = new MetricsFile(new FileOutputStream(file.toFile()));
    metrics.write(HEADER);
    return metrics;
  }

  private static void cut(Path file, long step) throws IOException {
    String lines;
    try (var in = new FileInputStream(file.toFile())) {
      lines = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1); // a byte is a character
    }
    if (!lines.startsWith(HEADER)) {
      throw TrainingException.invalid(
          file,
          "its first line is not that of the metrics of a run",
          "Move the file away and start again");
    }
    int end = HEADER.length();
    // A line that the last process did not write to its end has no line feed.
    for (int next = lines.indexOf('\n', end); next >= 0; next = lines.indexOf('\n', end)) {
      if (step(lines.substring(end, next)) > step) {
        break;
      }
      end = next + 1;
    }
    try (var content = new RandomAccessFile(file.toFile(), "rw")) {
      content.setLength(end);
    }
  }

  private static long step(String line) {
    String step = line.substring(0, Math.max(0, line.indexOf(',')));
    return step.matches("\\d{1,18}") ? Long.parseLong(step) : Long.MAX_VALUE;
  }

  void add(Step step) throws IOException {
    flush();
    waiting = step;
  }

  void add(Evaluated evaluated) throws IOException {
    Step step = waiting;
    waiting = null;
    boolean same = step != null && step.step() == evaluated.step();
    if (step != null && !same) {
      write(values(step) + ",,\n");
    }
    write(
        "%s,%s,%s\n"
            .formatted(
                step != null && same ? values(step) : evaluated.step() + NO_STEP,
                evaluated.loss(),
                evaluated.accuracy()));
  }

  /** Writes the line that waits for what may be evaluated. */
  void flush() throws IOException {
    if (waiting != null) {
      write(values(waiting) + ",,\n");
      waiting = null;
    }
  }

  private static String values(Step step) {
    return String.join(
        ",",
        Long.toString(step.step()),
        Double.toString(step.epoch()),
        Double.toString(step.loss()),
        Double.toString(step.gradientNorm()),
        Double.toString(step.tower()),
        Double.toString(step.projector()),
        Double.toString(step.decoder()),
        String.format(Locale.ROOT, "%.6f", step.seconds()),
        String.format(Locale.ROOT, "%.1f", step.tokens() / step.seconds()),
        String.format(Locale.ROOT, "%.2f", step.samples() / step.seconds()),
        Long.toString(step.residentBytes() >> 20));
  }

  private void write(String lines) throws IOException {
    out.write(lines.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() throws IOException {
    flush();
    out.close();
  }
}
