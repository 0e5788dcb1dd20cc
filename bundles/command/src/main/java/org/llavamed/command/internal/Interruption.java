package org.llavamed.command.internal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Interrupts a thread when the process is told to end, and lets the process wait until the thread's
 * work is closed.
 */
final class Interruption {
  private static final long PATIENCE_SECONDS = 60;

  private final Thread worker;
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook = new Thread(this::end, "llavamed-interruption");

  private Interruption(Thread worker) {
    this.worker = worker;
  }

  static Interruption ofThisThread() {
    var interruption = new Interruption(Thread.currentThread());
    try {
      Runtime.getRuntime().addShutdownHook(interruption.hook);
    } catch (IllegalStateException e) {
      // The process is ending already: the work must not begin in earnest.
      Thread.currentThread().interrupt();
    }
    return interruption;
  }

  /** What the process does at its end. */
  void end() {
    worker.interrupt();
    try {
      if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("llavamed: the work did not stop within a minute.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says that the work is done. */
  void close() {
    done.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending and the hook is running: it has just been told that the work is done.
      Thread.currentThread().interrupt();
    }
  }
}
