package org.llavamed.model.internal;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.llavamed.inference.Answer;

/** Delivers to a thread that waits. */
final class BlockingDelivery implements Delivery {
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private volatile boolean cancelled;

  /** One of three: a piece of text, the answer, a failure. */
  private record Event(String piece, @Nullable Answer answer, @Nullable RuntimeException failure) {}

  /**
   * Hands the pieces to the calling thread's consumer and returns the answer. If the consumer
   * throws, the request is cancelled.
   *
   * @throws InterruptedException if the thread is interrupted: the request is cancelled then
   */
  Answer await(Consumer<String> onText) throws InterruptedException {
    try {
      while (true) {
        Event event = events.take();
        if (event.failure() != null) {
          throw event.failure();
        }
        if (event.answer() != null) {
          return event.answer();
        }
        onText.accept(event.piece());
      }
    } finally {
      cancelled = true; // has no meaning after the answer
    }
  }

  @Override
  public void piece(String text) {
    events.add(new Event(text, null, null));
  }

  @Override
  public void complete(Answer answer) {
    events.add(new Event("", answer, null));
  }

  @Override
  public void fail(RuntimeException failure) {
    events.add(new Event("", null, failure));
  }

  @Override
  public void cancel() {
    // The one who asked has gone.
  }

  @Override
  public boolean cancelled() {
    return cancelled;
  }
}
