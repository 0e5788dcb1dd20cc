package org.llavamed.learning.loop;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.llavamed.inference.Progress;
import org.llavamed.learning.run.RunEvent;

/**
 * What a run tells. Of work that has many units it tells at most every half second, and such work
 * is where a run that is asked to end before its first step ends. Safe for use by several threads.
 */
final class Reports implements Progress {
  private static final long PAUSE = 500_000_000;

  private final Consumer<RunEvent> receiver;
  private final BooleanSupplier asked;
  private long last = System.nanoTime() - PAUSE;

  /**
   * Tells a receiver.
   *
   * @param receiver called by one thread at a time
   * @param asked whether the run is asked to end
   */
  Reports(Consumer<RunEvent> receiver, BooleanSupplier asked) {
    this.receiver = receiver;
    this.asked = asked;
  }

  synchronized void tell(RunEvent event) {
    receiver.accept(event);
  }

  @Override
  public synchronized void at(String what, long done, long total) {
    if (asked.getAsBoolean()) {
      throw new AskedToEndException();
    }
    long now = System.nanoTime();
    if (done == total || now - last >= PAUSE) {
      last = now;
      receiver.accept(new RunEvent.Preparing(what, done, total));
    }
  }
}
