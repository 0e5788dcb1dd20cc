package org.llavamed.learning.loop;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.llavamed.learning.loop.CheckpointState.Position;

/** Reads the batches of a step while the step before it is computed. */
final class Ahead implements AutoCloseable {
  private final Plan plan;
  private final BatchReader batches;
  private final int process;
  private final long steps;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "reader");
            thread.setDaemon(true);
            return thread;
          });
  private CompletableFuture<Ready> next;

  /**
   * A step and its batches.
   *
   * @param step what is read
   * @param batches those of this process
   */
  record Ready(Plan.Step step, List<HostBatch> batches) {}

  /**
   * Begins to read.
   *
   * @param plan not used by others any more
   * @param process whose parts are read
   * @param from first step; not the end
   * @param steps of the whole run
   */
  Ahead(Plan plan, BatchReader batches, int process, Position from, long steps) {
    this.plan = plan;
    this.batches = batches;
    this.process = process;
    this.steps = steps;
    this.next = begin(from);
  }

  private CompletableFuture<Ready> begin(Position from) {
    return CompletableFuture.supplyAsync(() -> read(from), thread);
  }

  private Ready read(Position from) {
    Plan.Step step = plan.step(from);
    return new Ready(
        step, step.of(process).stream().map(takes -> batches.read(takes, from.epoch())).toList());
  }

  /** Returns the next step, and begins to read the one after it. */
  Ready next() {
    try {
      Ready ready = next.join();
      if (ready.step().next().step() < steps) {
        next = begin(ready.step().next());
      }
      return ready;
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Waits until nothing is being read. */
  @Override
  public void close() {
    next.handle((ready, failure) -> true).join();
    thread.shutdown();
  }
}
