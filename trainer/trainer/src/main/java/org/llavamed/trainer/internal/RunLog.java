package org.llavamed.trainer.internal;

import java.io.IOException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.llavamed.files.FileError;
import org.llavamed.learning.TrainingException;
import org.llavamed.learning.recipe.RecipeReader;
import org.llavamed.learning.run.RunEvent.Evaluated;
import org.llavamed.learning.run.RunEvent.LeftOut;
import org.llavamed.learning.run.RunEvent.Started;
import org.llavamed.learning.run.RunEvent.Step;

/** Keeps what a run tells: metrics.csv, TensorBoard's events and report.html. */
final class RunLog implements AutoCloseable {
  private final Stage stage;
  private final Map<String, String> data;
  private final Clock clock;
  private final String begun;
  private final boolean keeps;
  private final List<LeftOut> leftOut = new ArrayList<>();
  private @Nullable MetricsFile metrics;
  private @Nullable EventFile events;
  private @Nullable Started started;
  private long step;

  /**
   * Begins; files are opened when the run has started.
   *
   * @param data SHA-256 by file
   * @param keeps whether anything is written; the first machine of several does
   */
  RunLog(Stage stage, Map<String, String> data, Clock clock, boolean keeps) {
    this.keeps = keeps;
    this.stage = stage;
    this.data = data;
    this.clock = clock;
    this.begun = now();
  }

  void started(Started event) {
    started = event;
    step = event.step();
    keep(
        () -> {
          metrics = MetricsFile.open(stage.folder().metrics(), event.step());
          events = EventFile.create(stage.folder().events(), event.step(), clock);
        });
  }

  void leftOut(LeftOut event) {
    leftOut.add(event);
  }

  void step(Step event) {
    step = event.step();
    MetricsFile table = metrics;
    EventFile file = events;
    if (table == null || file == null) {
      return; // a worker that tells of a step before its start is no worker of ours
    }
    keep(
        () -> {
          table.add(event);
          file.scalars(event.step(), scalars(event));
        });
  }

  void evaluated(Evaluated event) {
    MetricsFile table = metrics;
    EventFile file = events;
    if (table == null || file == null) {
      return;
    }
    keep(
        () -> {
          table.add(event);
          file.scalars(
              event.step(),
              Map.of("loss/validation", event.loss(), "accuracy/validation", event.accuracy()));
        });
  }

  private static Map<String, Double> scalars(Step event) {
    var values = new LinkedHashMap<String, Double>();
    values.put("loss/training", event.loss());
    values.put("gradient/norm", event.gradientNorm());
    values.put("rate/tower", event.tower());
    values.put("rate/projector", event.projector());
    values.put("rate/decoder", event.decoder());
    values.put("speed/tokens_per_second", event.tokens() / event.seconds());
    values.put("speed/samples_per_second", event.samples() / event.seconds());
    values.put("memory/resident_mb", event.residentBytes() / 1048576.0);
    return values;
  }

  /**
   * Writes the report anew; not before the run has started, since an earlier report tells more
   * then.
   *
   * @param state how far the run has come, as a sentence
   */
  void report(String state) {
    MetricsFile open = metrics;
    if (open == null) {
      return;
    }
    keep(
        () -> {
          open.flush();
          MetricsTable table = MetricsTable.read(stage.folder().metrics());
          Map<String, String> facts = facts();
          facts.putAll(Report.figures(table));
          String recipe = new RecipeReader().write(stage.recipe());
          new Report(stage.recipe().name(), state, facts, leftOut, data, recipe)
              .write(stage.folder().report(), table);
        });
  }

  private Map<String, String> facts() {
    var facts = new LinkedHashMap<String, String>();
    facts.put("folder", stage.folder().root().toAbsolutePath().toString());
    Started run = started;
    if (run != null) {
      facts.put("steps", "%d of %d".formatted(step, run.steps()));
      facts.put("samples of an epoch", "%,d".formatted(run.samples()));
      facts.put("steps of an epoch", String.format(Locale.ROOT, "%.2f", run.stepsPerEpoch()));
      facts.put(
          "parameters",
          String.format(
              Locale.ROOT, "%,d, of which %,d are trained", run.parameters(), run.trained()));
      facts.put("device", run.device());
      facts.put("processes", Integer.toString(run.processes()));
      facts.put("engine", run.engine());
      facts.put("this session began", begun);
      facts.put(
          "this session goes on from", run.resumedFrom() == null ? "nothing" : run.resumedFrom());
    }
    facts.put("written", now());
    facts.put("machine", Machine.here());
    return facts;
  }

  private String now() {
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
        clock.instant().truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC));
  }

  /** Work on files of the run. */
  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }

  private void keep(Writing writing) {
    if (!keeps) {
      return;
    }
    try {
      writing.run();
    } catch (IOException e) {
      FileError error = FileError.writing(stage.folder().metrics(), e);
      throw TrainingException.invalid(
          stage.folder().root(),
          "the course of the run cannot be written: " + error.found(),
          error.advice(),
          e);
    }
  }

  @Override
  public void close() {
    keep(
        () -> {
          if (metrics != null) {
            metrics.close();
          }
          if (events != null) {
            events.close();
          }
        });
  }
}
