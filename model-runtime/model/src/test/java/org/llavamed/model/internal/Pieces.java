package org.llavamed.model.internal;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;

/** A subscriber that takes pieces at the pace of a test. */
final class Pieces implements Flow.Subscriber<String> {
  private final long demand;
  private final List<String> received = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  private final CompletableFuture<Integer> end = new CompletableFuture<>();
  private volatile CountDownLatch gate = new CountDownLatch(0);

  Pieces(long demand) {
    this.demand = demand;
  }

  void block() {
    gate = new CountDownLatch(1);
  }

  void unblock() {
    gate.countDown();
  }

  void request(long pieces) {
    subscription.join().request(pieces);
  }

  void cancel() {
    subscription.join().cancel();
  }

  List<String> received() {
    return List.copyOf(received);
  }

  void await(int pieces) throws InterruptedException {
    while (received.size() < pieces) {
      Thread.sleep(1);
    }
  }

  /** Waits for the end; throws where it is a failure. */
  void awaitEnd() {
    assert end.join() == received.size();
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    if (demand > 0) {
      given.request(demand);
    }
    subscription.complete(given);
  }

  @Override
  public void onNext(String piece) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    received.add(piece);
  }

  @Override
  public void onError(Throwable failure) {
    end.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    end.complete(received.size());
  }
}
