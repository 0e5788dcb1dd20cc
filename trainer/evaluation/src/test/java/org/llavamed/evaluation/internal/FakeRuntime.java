package org.llavamed.evaluation.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.llavamed.imaging.Picture;
import org.llavamed.inference.Answer;
import org.llavamed.inference.Answer.StopReason;
import org.llavamed.inference.Diagnosis;
import org.llavamed.inference.EncodedPicture;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.ModelInspection;
import org.llavamed.inference.ModelRuntime;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Query;
import org.llavamed.inference.VisionLanguageModel;

/** A model that answers "yes" to dark pictures, "no" to others, and knows what it was asked. */
final class FakeRuntime implements ModelRuntime {
  static final String IDENTITY = "ab".repeat(32);

  final List<Query> queries = new ArrayList<>();
  int pictures;
  int open;

  /** How many questions are answered before the model fails. */
  int failsAfter = Integer.MAX_VALUE;

  /** How many questions may be under way. */
  int mostWaiting = Integer.MAX_VALUE;

  /** Whether answers come later, those to later questions often first. */
  boolean late;

  /** A word that no question may have. */
  String refused = "\n";

  private final AtomicInteger waiting = new AtomicInteger();

  @Override
  public Path defaultFolder() {
    return Path.of("default");
  }

  @Override
  public VisionLanguageModel open(Path folder) {
    return new VisionLanguageModel() {
      @Override
      public ModelCard card() {
        return new ModelCard("fake", "1", IDENTITY, "fp32", "plain", "none", "CC0-1.0", "here");
      }

      @Override
      public EncodedPicture encode(Picture picture) {
        pictures++;
        open++;
        return new Encoded(picture.pixels().get(0) & 0xFF);
      }

      @Override
      public EncodedPicture withoutPicture() {
        throw new UnsupportedOperationException();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public ModelInspection inspect(Path folder) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ModelInspection inspect(Path folder, Precision decoder) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Diagnosis diagnose(Path folder) {
    throw new UnsupportedOperationException();
  }

  private final class Encoded implements EncodedPicture {
    private final int brightness;
    private volatile boolean closed;

    Encoded(int brightness) {
      this.brightness = brightness;
    }

    @Override
    public Answer answer(Query query, Consumer<String> onText) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Answer> ask(Query query, Flow.Subscriber<? super String> subscriber) {
      if (closed) {
        throw new IllegalStateException("closed");
      }
      if (query.question().contains(refused)) {
        throw ModelException.contextOverflow(900, 512);
      }
      if (waiting.get() >= mostWaiting) {
        throw ModelException.busy(waiting.get(), mostWaiting);
      }
      queries.add(query);
      if (queries.size() > failsAfter) {
        return CompletableFuture.failedFuture(
            ModelException.invalid("fake", "it fails", "Ask another"));
      }
      if (!late) {
        return CompletableFuture.completedFuture(answer());
      }
      waiting.incrementAndGet();
      return CompletableFuture.supplyAsync(
          () -> {
            waiting.decrementAndGet();
            return answer();
          },
          CompletableFuture.delayedExecutor(20 - 6L * (queries.size() % 4), TimeUnit.MILLISECONDS));
    }

    private Answer answer() {
      if (closed) {
        throw new IllegalStateException("closed");
      }
      return new Answer(
          brightness < 100 ? "yes" : "no",
          List.of(1),
          List.of(-0.5),
          0.25,
          List.of(),
          StopReason.END_OF_SEQUENCE,
          3);
    }

    @Override
    public void close() {
      if (!closed) {
        open--;
      }
      closed = true;
    }
  }
}
