package org.llavamed.model.internal;

import ai.onnxruntime.OrtException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.llavamed.inference.ModelException;

/**
 * The thread that runs a model's sessions, and the queue before it. It goes in turns: at most one
 * picture is looked at, prompts are read until a chunk's positions are, then each answer gets one
 * token. So short prompts that come together are read together, and their answers share their
 * steps. Requests start in the order in which they came.
 */
final class Engine implements AutoCloseable {
  private final ModelFolder folder;
  private final Batch batch;
  private final int mostWaiting;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Request> waiting = new ArrayDeque<>();
  private final Deque<Job> jobs = new ArrayDeque<>();
  private boolean closing;

  /** Some work of the sessions. */
  @FunctionalInterface
  interface Work {
    Features run() throws OrtException;
  }

  private record Job(Work work, CompletableFuture<Features> result) {}

  /**
   * Makes the engine; {@link #start} starts its thread.
   *
   * @param decoder used by the engine's thread alone from then on
   * @param mostWaiting most requests, and most pictures, that wait
   */
  Engine(ModelFolder folder, Decoder decoder, Prefixes prefixes, int mostWaiting) {
    this.folder = folder;
    this.batch = new Batch(decoder, prefixes, this::failure);
    this.mostWaiting = mostWaiting;
    this.thread = new Thread(this::run, "llavamed-engine");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /**
   * Puts a request into the queue.
   *
   * @throws ModelException if the queue is full or the model is closed
   */
  void submit(Request request) {
    enqueue(waiting, request);
  }

  /**
   * Puts work into a queue of its own.
   *
   * @return its result; work whose result is cancelled before it begins is not done
   * @throws ModelException if the queue is full or the model is closed
   */
  CompletableFuture<Features> submit(Work work) {
    Job job = new Job(work, new CompletableFuture<>());
    enqueue(jobs, job);
    return job.result();
  }

  private <T> void enqueue(Deque<T> queue, T entry) {
    lock.lock();
    try {
      if (closing) {
        throw folder.closed();
      }
      if (queue.size() >= mostWaiting) {
        throw ModelException.busy(queue.size(), mostWaiting);
      }
      queue.add(entry);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Throws if the model is closed. */
  void expectOpen() {
    lock.lock();
    try {
      if (closing) {
        throw folder.closed();
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      while (awaitWork()) {
        doJob();
        readPrompts();
        batch.step();
      }
    } finally {
      failAll();
    }
  }

  /** Returns false where the model is closing. */
  private boolean awaitWork() {
    lock.lock();
    try {
      while (!closing && batch.isEmpty() && waiting.isEmpty() && jobs.isEmpty()) {
        changed.awaitUninterruptibly();
      }
      return !closing;
    } finally {
      lock.unlock();
    }
  }

  private void doJob() {
    Job job = nextJob();
    if (job == null || job.result().isDone()) {
      return;
    }
    try {
      job.result().complete(job.work().run());
    } catch (OrtException e) {
      job.result().completeExceptionally(failure(e));
    } catch (RuntimeException e) {
      job.result().completeExceptionally(e);
    } catch (Error e) {
      job.result().completeExceptionally(e);
      throw e;
    }
  }

  private @Nullable Job nextJob() {
    lock.lock();
    try {
      return jobs.poll();
    } finally {
      lock.unlock();
    }
  }

  private void readPrompts() {
    dropCancelled();
    int left = batch.chunk();
    int read;
    do {
      if (batch.hasRoom()) {
        nextWaiting(request -> true).ifPresent(batch::start);
      }
      read = batch.read(this::nextWaiting);
      left -= read;
    } while (read > 0 && left > 0);
  }

  private void dropCancelled() {
    batch.dropCancelled();
    List<Request> gone = new ArrayList<>();
    lock.lock();
    try {
      waiting.removeIf(request -> request.delivery().cancelled() && gone.add(request));
    } finally {
      lock.unlock();
    }
    gone.forEach(request -> request.delivery().cancel());
  }

  private Optional<Request> nextWaiting(Predicate<Request> fits) {
    lock.lock();
    try {
      Request next = waiting.peek();
      return next != null && fits.test(next)
          ? Optional.ofNullable(waiting.poll())
          : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** A run that fails while the model closes was stopped. */
  private ModelException failure(OrtException e) {
    lock.lock();
    try {
      return closing ? folder.closed() : folder.failed(e);
    } finally {
      lock.unlock();
    }
  }

  private void failAll() {
    List<Request> requests;
    List<Job> works;
    lock.lock();
    try {
      closing = true;
      requests = List.copyOf(waiting);
      works = List.copyOf(jobs);
      waiting.clear();
      jobs.clear();
    } finally {
      lock.unlock();
    }
    batch.fail(folder::closed);
    requests.forEach(request -> request.delivery().fail(folder.closed()));
    works.forEach(job -> job.result().completeExceptionally(folder.closed()));
  }

  /** Refuses what comes from now on, and lets the engine end after the run in flight. */
  void stop() {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Stops, and waits until the thread has ended: nothing runs and all requests have failed. */
  @Override
  public void close() {
    stop();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
