package org.llavamed.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Calls a service from several threads at a time. */
final class Threads {
  private static final int THREADS = 4;
  private static final int CALLS = 200;

  private Threads() {}

  /** Checks that every call returns what a call alone returns. */
  static <T> void agree(Callable<T> call) throws Exception {
    T alone = call.call();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<T>> results = threads.invokeAll(Collections.nCopies(CALLS, call));
      for (Future<T> result : results) {
        assertThat(result.get()).isEqualTo(alone);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
