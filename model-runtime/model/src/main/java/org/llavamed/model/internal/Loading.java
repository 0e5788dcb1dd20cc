package org.llavamed.model.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Loads several things at a time. All of them, or none: where one fails, the others are closed.
 * Used by one thread.
 */
final class Loading {
  private final List<FutureTask<? extends AutoCloseable>> tasks = new ArrayList<>();

  /** Begins to load something on a thread of its own. */
  <T extends AutoCloseable> FutureTask<T> begin(String name, Supplier<T> load) {
    FutureTask<T> task = add(load);
    Thread thread = new Thread(task, "llavamed-load-" + name);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  /** Loads something on the calling thread. */
  <T extends AutoCloseable> FutureTask<T> now(Supplier<T> load) {
    FutureTask<T> task = add(load);
    task.run();
    return task;
  }

  /** Takes over something that is there already. */
  void own(AutoCloseable thing) {
    add(() -> thing).run();
  }

  private <T extends AutoCloseable> FutureTask<T> add(Supplier<T> load) {
    FutureTask<T> task = new FutureTask<>(load::get);
    tasks.add(task);
    return task;
  }

  /** Returns what a task loaded, or throws what stopped it. */
  static <T> T loaded(FutureTask<T> task) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true; // loading is short: it is completed before the caller stops
        } catch (ExecutionException e) {
          if (e.getCause() instanceof RuntimeException failure) {
            throw failure;
          }
          throw new IllegalStateException(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Closes everything that was loaded, the last first. */
  void closeAll() {
    for (int i = tasks.size() - 1; i >= 0; i--) {
      AutoCloseable loaded;
      try {
        loaded = loaded(tasks.get(i));
      } catch (RuntimeException e) {
        continue; // was never loaded: its failure is reported by the one who asked for it
      }
      try {
        loaded.close();
      } catch (Exception e) {
        throw new IllegalStateException("cannot be closed: " + loaded, e);
      }
    }
  }
}
