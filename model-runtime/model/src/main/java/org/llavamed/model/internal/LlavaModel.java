package org.llavamed.model.internal;

import ai.onnxruntime.OrtException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.llavamed.imaging.Picture;
import org.llavamed.inference.Answer;
import org.llavamed.inference.EncodedPicture;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.Query;
import org.llavamed.inference.VisionLanguageModel;
import org.llavamed.model.internal.ModelParts.Eye;
import org.llavamed.preprocess.PixelTensor;

/** An open model folder. Requests wait for each other in the order in which they came. */
final class LlavaModel implements VisionLanguageModel {
  private final ModelFolder folder;
  private final ModelParts parts;
  private final Answerer answerer;
  private final Consumer<LlavaModel> onClose;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Object stopping = new Object();
  private volatile boolean closing;
  private boolean freed;

  /** Some work of the model. */
  @FunctionalInterface
  private interface Work<T> {
    T run() throws OrtException;
  }

  /**
   * Takes over the parts.
   *
   * @param onClose told once when the model is closed
   */
  LlavaModel(ModelFolder folder, ModelParts parts, Consumer<LlavaModel> onClose) {
    this.folder = folder;
    this.parts = parts;
    this.onClose = onClose;
    this.answerer = new Answerer(folder.description(), parts, this::checkpoint);
  }

  @Override
  public ModelCard card() {
    return folder.card();
  }

  @Override
  public EncodedPicture encode(Picture picture) {
    Eye eye = parts.eye().orElseThrow(folder::noPictures);
    PixelTensor pixels = eye.preparation().prepare(picture);
    return exclusively(() -> new LlavaPicture(this, eye.vision().look(pixels.values())));
  }

  @Override
  public EncodedPicture withoutPicture() {
    if (closing) {
      throw folder.closed();
    }
    return new LlavaPicture(this, Features.NONE);
  }

  CompletableFuture<Answer> ask(
      Features features, Query query, Flow.Subscriber<? super String> subscriber) {
    SubmissionPublisher<String> pieces =
        new SubmissionPublisher<>(ForkJoinPool.commonPool(), folder.description().context());
    pieces.subscribe(subscriber);
    CompletableFuture<Answer> result = new CompletableFuture<>();
    Thread thread = new Thread(() -> complete(result, pieces, features, query), "llavamed-ask");
    thread.setDaemon(true);
    thread.start();
    CompletableFuture<Answer> unused = result.whenComplete((answer, failure) -> thread.interrupt());
    return result;
  }

  private void complete(
      CompletableFuture<Answer> result,
      SubmissionPublisher<String> pieces,
      Features features,
      Query query) {
    try {
      Answer answer =
          answer(
              features,
              query,
              piece -> {
                if (!pieces.hasSubscribers()) {
                  result.cancel(false);
                }
                pieces.submit(piece);
              });
      pieces.close();
      result.complete(answer);
    } catch (RuntimeException e) {
      pieces.closeExceptionally(e);
      result.completeExceptionally(e);
    }
  }

  Answer answer(Features features, Query query, Consumer<String> onText) {
    return exclusively(() -> answerer.answer(features, query, onText));
  }

  /** Returns what may be the first token of an answer. */
  Logits firstLogits(Features features, String question) {
    return exclusively(() -> answerer.firstLogits(features, question));
  }

  private <T> T exclusively(Work<T> work) {
    if (lock.isHeldByCurrentThread()) {
      throw ModelException.invalid(
          folder.path(),
          "is asked while it hands out the text of an answer",
          "Ask after the answer is complete");
    }
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted();
    }
    try {
      checkpoint();
      return work.run();
    } catch (OrtException e) {
      checkpoint();
      throw folder.failed(e);
    } finally {
      if (closing) {
        free();
      }
      lock.unlock();
    }
  }

  private void checkpoint() {
    if (closing) {
      throw folder.closed();
    }
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted();
    }
  }

  private ModelException interrupted() {
    return ModelException.invalid(
        folder.path(), "the request was interrupted before it was complete", "Ask again");
  }

  @Override
  public void close() {
    closing = true;
    if (lock.isHeldByCurrentThread()) {
      return; // from within an answer: its end frees the model
    }
    synchronized (stopping) {
      if (!freed) {
        parts.terminate();
      }
    }
    lock.lock();
    try {
      free();
    } finally {
      lock.unlock();
    }
  }

  private void free() {
    synchronized (stopping) {
      if (!freed) {
        freed = true;
        parts.close();
        onClose.accept(this);
      }
    }
  }
}
