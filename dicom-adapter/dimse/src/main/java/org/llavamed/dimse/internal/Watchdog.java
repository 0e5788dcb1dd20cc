package org.llavamed.dimse.internal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections on which a write or a handshake takes too long: a blocking socket has a
 * time-out for single reads alone. One thread, which runs while there is something to watch.
 */
final class Watchdog {
  private static final long PERIOD_MILLISECONDS = 200;

  private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
  private @Nullable Thread thread;

  /** Something that may take too long. */
  @FunctionalInterface
  interface Watched {
    /** Ends it where it has; called again and again. */
    void closeIfLate();
  }

  synchronized void watch(Watched one) {
    watched.add(one);
    if (thread == null) {
      thread = new Thread(this::run, "dimse-watchdog");
      thread.setDaemon(true);
      thread.start();
    }
  }

  void forget(Watched one) {
    watched.remove(one);
  }

  private void run() {
    while (!isOver()) {
      watched.forEach(Watched::closeIfLate);
      try {
        Thread.sleep(PERIOD_MILLISECONDS);
      } catch (InterruptedException e) {
        System.getLogger(Watchdog.class.getName())
            .log(System.Logger.Level.WARNING, "The watchdog goes on though interrupted");
      }
    }
  }

  private synchronized boolean isOver() {
    if (watched.isEmpty()) {
      thread = null;
      return true;
    }
    return false;
  }
}
