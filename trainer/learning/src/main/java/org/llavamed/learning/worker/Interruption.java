package org.llavamed.learning.worker;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/**
 * Asks a run to write a checkpoint and end: on SIGTERM and SIGINT, and when the process that
 * started this one is gone, which ends the standard input.
 */
final class Interruption implements BooleanSupplier {
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean asked;
  private volatile int code;

  /** Begins to watch. */
  void watch(InputStream parent) {
    Runtime.getRuntime().addShutdownHook(new Thread(this::end, "interruption"));
    Thread reader = new Thread(() -> read(parent), "parent");
    reader.setDaemon(true);
    reader.start();
  }

  private void read(InputStream parent) {
    try {
      while (parent.read() >= 0) {
        // only the end counts
      }
    } catch (IOException e) {
      System.err.println("The standard input failed, as if it had ended: " + e);
    }
    asked = true;
  }

  /** Waits until the run has ended, and ends the process with the run's exit code. */
  private void end() {
    asked = true;
    boolean waiting = true;
    while (waiting) {
      try {
        ended.await();
        waiting = false;
      } catch (InterruptedException e) {
        System.err.println("Still waiting for the checkpoint");
      }
    }
    Runtime.getRuntime().halt(code);
  }

  /** Returns whether the run is asked to end. */
  @Override
  public boolean getAsBoolean() {
    return asked;
  }

  /** Ends the process; the run has ended. */
  void exit(int withCode) {
    code = withCode;
    ended.countDown();
    System.exit(withCode);
  }
}
