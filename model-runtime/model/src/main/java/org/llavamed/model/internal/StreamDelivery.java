package org.llavamed.model.internal;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import org.llavamed.inference.Answer;

/** Delivers to a subscriber at its own pace, and to a future. */
final class StreamDelivery implements Delivery {
  private final Executor threads;
  private final SubmissionPublisher<String> pieces;
  private final CompletableFuture<Answer> answer = new CompletableFuture<>();

  /**
   * Subscribes.
   *
   * @param threads that call the subscriber; has a thread for each
   * @param mostPieces all pieces that there may be, since none is dropped
   */
  StreamDelivery(Executor threads, int mostPieces, Flow.Subscriber<? super String> subscriber) {
    this.threads = threads;
    this.pieces = new SubmissionPublisher<>(threads, mostPieces);
    pieces.subscribe(subscriber);
  }

  /** Returns the answer that is to come. */
  CompletableFuture<Answer> answer() {
    return answer;
  }

  @Override
  public void piece(String text) {
    pieces.offer(text, null);
  }

  @Override
  public void complete(Answer complete) {
    pieces.close();
    threads.execute(() -> answer.complete(complete));
  }

  @Override
  public void fail(RuntimeException failure) {
    pieces.closeExceptionally(failure);
    threads.execute(() -> answer.completeExceptionally(failure));
  }

  @Override
  public void cancel() {
    pieces.closeExceptionally(new CancellationException("the request was cancelled"));
    threads.execute(() -> answer.cancel(false));
  }

  @Override
  public boolean cancelled() {
    return answer.isDone() || !pieces.hasSubscribers();
  }
}
