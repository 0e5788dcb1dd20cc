package org.llavamed.model.internal;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.llavamed.imaging.Picture;
import org.llavamed.inference.Answer;
import org.llavamed.inference.EncodedPicture;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.Query;
import org.llavamed.inference.VisionLanguageModel;
import org.llavamed.model.internal.ModelParts.Eye;
import org.llavamed.model.internal.Questions.Question;
import org.llavamed.preprocess.PixelTensor;

/** An open model folder. What is asked is prepared on the caller's thread and run by an engine. */
final class LlavaModel implements VisionLanguageModel {
  private static final int IDLE_SECONDS = 2;

  private final ModelFolder folder;
  private final ModelParts parts;
  private final Questions questions;
  private final FeatureCache pictures;
  private final Engine engine;
  private final ThreadPoolExecutor deliverers;
  private final Consumer<LlavaModel> onClose;
  private boolean closed;

  private LlavaModel(
      ModelFolder folder, ModelParts parts, EngineSettings settings, Consumer<LlavaModel> onClose) {
    this.folder = folder;
    this.parts = parts;
    this.onClose = onClose;
    this.questions = new Questions(folder.description(), parts);
    this.pictures =
        new FeatureCache(folder.description().preparation(), settings.featureCacheBytes());
    this.engine =
        new Engine(
            folder,
            parts.decoder(),
            new Prefixes(parts.decoder(), settings.prefixCacheBytes()),
            settings.mostWaiting());
    this.deliverers =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            LlavaModel::deliverer);
  }

  /**
   * Takes over the parts and starts to work.
   *
   * @param onClose told once when the model is closed
   */
  static LlavaModel start(
      ModelFolder folder, ModelParts parts, EngineSettings settings, Consumer<LlavaModel> onClose) {
    LlavaModel model = new LlavaModel(folder, parts, settings, onClose);
    model.engine.start();
    return model;
  }

  /** Threads that call subscribers live on for what was not requested before the model's end. */
  private static Thread deliverer(Runnable work) {
    Thread thread = new Thread(work, "llavamed-deliver");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public ModelCard card() {
    return folder.card();
  }

  @Override
  public EncodedPicture encode(Picture picture) {
    engine.expectOpen();
    Eye eye = parts.eye().orElseThrow(folder::noPictures);
    String key = pictures.key(picture);
    Optional<Features> known = pictures.get(key);
    return new LlavaPicture(
        this, known.isPresent() ? known.get() : pictures.keep(key, look(eye, picture)));
  }

  private Features look(Eye eye, Picture picture) {
    PixelTensor pixels = eye.preparation().prepare(picture);
    expectNoInterrupt();
    CompletableFuture<Features> looked = engine.submit(() -> eye.vision().look(pixels.values()));
    try {
      return looked.get();
    } catch (InterruptedException e) {
      looked.cancel(false);
      throw interrupted();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public EncodedPicture withoutPicture() {
    engine.expectOpen();
    return new LlavaPicture(this, Features.NONE);
  }

  /** Asks and waits; the consumer is called on the calling thread. */
  Answer answer(Features features, Query query, Consumer<String> onText) {
    engine.expectOpen();
    expectNoInterrupt();
    Question question = questions.question(features, query);
    BlockingDelivery delivery = new BlockingDelivery();
    engine.submit(new Request(features, question.prompt(), question.course(), delivery));
    try {
      return delivery.await(onText);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  /** Asks and returns at once. */
  CompletableFuture<Answer> ask(
      Features features, Query query, Flow.Subscriber<? super String> subscriber) {
    engine.expectOpen();
    Question question = questions.question(features, query);
    int mostPieces = parts.decoder().limits().positions() + 2;
    StreamDelivery delivery = new StreamDelivery(deliverers, mostPieces, subscriber);
    try {
      engine.submit(new Request(features, question.prompt(), question.course(), delivery));
    } catch (ModelException e) {
      delivery.fail(e);
      throw e;
    }
    return delivery.answer();
  }

  private void expectNoInterrupt() {
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted();
    }
  }

  private ModelException interrupted() {
    Thread.currentThread().interrupt();
    return ModelException.invalid(
        folder.path(), "the request was interrupted before it was complete", "Ask again");
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      engine.stop();
      parts.terminate();
      engine.close();
      parts.close();
      onClose.accept(this);
    }
  }
}
