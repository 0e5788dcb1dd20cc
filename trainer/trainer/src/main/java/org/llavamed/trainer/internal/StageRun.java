package org.llavamed.trainer.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.llavamed.learning.TrainingException;
import org.llavamed.learning.run.RunEvent;
import org.llavamed.learning.run.RunEvent.Evaluated;
import org.llavamed.learning.run.RunEvent.Failed;
import org.llavamed.learning.run.RunEvent.Finished;
import org.llavamed.learning.run.RunEvent.LeftOut;
import org.llavamed.learning.run.RunEvent.Preparing;
import org.llavamed.learning.run.RunEvent.Saved;
import org.llavamed.learning.run.RunEvent.Started;
import org.llavamed.learning.run.RunEvent.Step;
import org.llavamed.trainer.internal.Workers.Ended;
import org.llavamed.trainer.internal.Workers.Told;

/**
 * Watches the worker processes of a run until the last has ended, and sees to it that none goes on
 * alone.
 */
final class StageRun {
  /** How a run ends that does not fail. */
  enum Outcome {
    /** The model is there. */
    FINISHED,
    /** The workers were asked to end, and have written a checkpoint. */
    INTERRUPTED
  }

  /**
   * How long things may take.
   *
   * @param settling in which other workers may tell of their end too, so that the first cause is
   *     found
   * @param ending in which the other workers of a failed run may write a checkpoint and end
   */
  record Patience(Duration settling, Duration ending) {
    static final Patience USUAL = new Patience(Duration.ofSeconds(2), Duration.ofMinutes(5));
  }

  private static final Duration TICK = Duration.ofMillis(200);
  private static final int LOG_LINES = 15;

  /** Exit codes of a worker: 3 with a checkpoint; by SIGINT and SIGTERM before it could. */
  private static final List<Integer> INTERRUPTED = List.of(3, 130, 143);

  private final Stage stage;
  private final Cluster cluster;
  private final Workers workers;
  private final RunLog log;
  private final TrainingDisplay display;
  private final Patience patience;
  private final LongSupplier nanoTime = System::nanoTime;

  private final List<Ended> failures = new ArrayList<>();
  private final Map<Integer, Failed> reasons = new HashMap<>();
  private boolean asked;
  private boolean interrupted;
  private boolean finished;
  private long failedAt;
  private long step;

  StageRun(
      Stage stage,
      Cluster cluster,
      Workers workers,
      RunLog log,
      TrainingDisplay display,
      Patience patience) {
    this.stage = stage;
    this.cluster = cluster;
    this.workers = workers;
    this.log = log;
    this.display = display;
    this.patience = patience;
  }

  /**
   * Watches until all workers have ended. An interrupt of the thread asks them to end; the call
   * returns when they have, and the interrupt is gone.
   *
   * @throws TrainingException if a worker fails; names it, its end, and the last checkpoint
   */
  Outcome watch() {
    while (workers.running() > 0) {
      try {
        workers.next(TICK).ifPresent(this::take);
      } catch (InterruptedException e) {
        interrupt();
      }
      if (!failures.isEmpty()) {
        endOthers();
      }
    }
    display.close();
    if (!failures.isEmpty()) {
      TrainingException failure = failure(first());
      log.report("Failed after step %d: %s".formatted(step, failure.getMessage()));
      throw failure;
    }
    if (!finished && interrupted) {
      log.report("Interrupted after step %d; --resume goes on.".formatted(step));
    } else if (!finished && cluster.isFirst()) {
      throw TrainingException.invalid(
          stage.folder().root(),
          "the workers have ended without a model",
          "Look into " + stage.folder().log(cluster.rank(0)));
    }
    return interrupted ? Outcome.INTERRUPTED : Outcome.FINISHED;
  }

  private void interrupt() {
    if (!interrupted) {
      interrupted = true;
      asked = true;
      display.println(
          "llavamed: ending; the last checkpoint is being written. A second Ctrl-C does not wait"
              + " for it.");
      workers.askToEnd();
    }
  }

  private void endOthers() {
    Duration since = Duration.ofNanos(nanoTime.getAsLong() - failedAt);
    if (since.compareTo(patience.settling().plus(patience.ending())) > 0) {
      workers.kill();
    } else if (!asked && since.compareTo(patience.settling()) > 0) {
      asked = true;
      workers.askToEnd();
    }
  }

  private void take(Workers.Message message) {
    if (message instanceof Told told) {
      take(told.rank(), told.event());
    } else if (message instanceof Ended ended) {
      take(ended);
    }
  }

  private void take(Ended ended) {
    boolean byRequest = INTERRUPTED.contains(ended.code());
    if (ended.code() == 0 || (asked && byRequest)) {
      return;
    }
    if (ended.code() == 3 && failures.isEmpty()) {
      interrupt(); // somebody else asked it to end
      return;
    }
    if (failures.isEmpty()) {
      failedAt = nanoTime.getAsLong();
      if (workers.running() > 0) {
        display.println(
            "llavamed: worker %d %s; the others write a checkpoint, where they can, and end."
                .formatted(ended.rank(), End.of(ended.code())));
      }
    }
    if (!asked || interrupted) {
      failures.add(ended);
    }
  }

  private void take(int rank, RunEvent event) {
    if (event instanceof Failed failed) {
      reasons.put(rank, failed);
    } else if (event instanceof LeftOut leftOut) {
      display.leftOut(leftOut);
      log.leftOut(leftOut);
    } else if (rank == cluster.rank(0)) {
      course(event);
    }
  }

  /** All processes go in step: what the first of this machine tells is true of all. */
  private void course(RunEvent event) {
    if (event instanceof Preparing preparing) {
      display.preparing(preparing);
    } else if (event instanceof Started started) {
      step = started.step();
      display.started(started);
      log.started(started);
    } else if (event instanceof Step one) {
      step = one.step();
      log.step(one);
      display.step(one);
    } else if (event instanceof Evaluated evaluated) {
      log.evaluated(evaluated);
      display.evaluated(evaluated);
    } else if (event instanceof Saved saved) {
      log.report("Running; the last checkpoint is of step %d.".formatted(saved.step()));
    } else if (event instanceof Finished end) {
      finished = true;
      log.report("Finished after step %d.".formatted(end.step()));
    }
  }

  /** Returns what the others failed by, where it can be told: a signal before a message. */
  private Ended first() {
    return failures.stream()
        .filter(ended -> ended.code() > 128)
        .findFirst()
        .orElse(failures.get(0));
  }

  private TrainingException failure(Ended ended) {
    Path file = stage.folder().log(ended.rank());
    @Nullable Failed reason = reasons.get(ended.rank());
    List<String> lines = reason == null ? Workers.lastLines(file, LOG_LINES) : List.of();
    if (!lines.isEmpty()) {
      display.println("The last lines of %s:".formatted(file));
      lines.forEach(line -> display.println("  | " + line));
    }
    String found = reason == null ? End.of(ended.code()) + where() : "failed: " + reason.message();
    String process = "worker %d of %d ".formatted(ended.rank(), cluster.size());
    return TrainingException.invalid(
        stage.folder().root(), process + found.replaceAll("\\.$", ""), advice());
  }

  private String where() {
    return step == 0 ? " before its first step" : " after step " + step;
  }

  private String advice() {
    Optional<Path> checkpoint = stage.lastCheckpoint();
    return checkpoint
        .map("The last checkpoint is %s; --resume goes on from it"::formatted)
        .orElse("There is no checkpoint yet; --resume begins anew");
  }
}
