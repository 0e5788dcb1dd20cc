package org.llavamed.dicomweb.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An answer's body as a stream that asks for the next piece only when the last is used up, and does
 * not wait for ever: the patience for a stall is used up by waiting, and each byte gives a little
 * of it back, so that a peer cannot hold us by a byte now and then.
 */
final class StreamedBody extends InputStream implements BodySubscriber<InputStream> {
  private static final ByteBuffer END = ByteBuffer.allocate(0);
  private static final long NANOS_A_BYTE = 1_000_000_000L / 1024;

  private final Duration stall;
  private final BlockingQueue<ByteBuffer> pieces = new LinkedBlockingQueue<>();
  private final AtomicBoolean asked = new AtomicBoolean();
  private volatile Flow.@Nullable Subscription subscription;
  private volatile @Nullable Throwable failure;
  private ByteBuffer piece = ByteBuffer.allocate(0);
  private volatile boolean ended;
  private long patience;

  /**
   * Makes a stream.
   *
   * @param stall how long to wait in all while less than 1 KiB a second comes
   */
  StreamedBody(Duration stall) {
    this.stall = stall;
    this.patience = stall.toNanos();
  }

  @Override
  public CompletionStage<InputStream> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    if (ended) { // closed before it began
      given.cancel();
      return;
    }
    asked.set(true);
    given.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> items) {
    asked.set(false);
    boolean empty = true;
    for (ByteBuffer item : items) {
      if (item.hasRemaining()) {
        pieces.add(item);
        empty = false;
      }
    }
    if (empty) {
      ask();
    }
  }

  private void ask() {
    Flow.Subscription known = subscription;
    if (known != null && asked.compareAndSet(false, true)) {
      known.request(1);
    }
  }

  @Override
  public void onError(Throwable error) {
    failure = error;
    pieces.add(END);
  }

  @Override
  public void onComplete() {
    pieces.add(END);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!piece.hasRemaining() && !advance()) {
      return -1;
    }
    int count = Math.min(length, piece.remaining());
    piece.get(target, offset, count);
    return count;
  }

  private boolean advance() throws IOException {
    if (ended) {
      return false;
    }
    ByteBuffer next = pieces.poll();
    if (next == null) {
      ask();
      next = await();
    }
    piece = next;
    patience = Math.min(stall.toNanos(), patience + next.remaining() * NANOS_A_BYTE);
    if (!next.hasRemaining()) { // END
      ended = true;
      Throwable error = failure;
      if (error != null) {
        throw new IOException("the answer broke off (%s)".formatted(error.getMessage()), error);
      }
      return false;
    }
    return true;
  }

  private ByteBuffer await() throws IOException {
    try {
      long begin = System.nanoTime();
      ByteBuffer next = pieces.poll(patience, TimeUnit.NANOSECONDS);
      patience -= System.nanoTime() - begin;
      if (next == null) {
        close();
        throw new HttpTimeoutException(
            "less than 1 KiB a second of the answer came for %s s".formatted(Seconds.text(stall)));
      }
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw Interruption.of(e);
    }
  }

  @Override
  public void close() {
    ended = true;
    Flow.Subscription known = subscription;
    if (known != null) {
      known.cancel();
    }
  }
}
