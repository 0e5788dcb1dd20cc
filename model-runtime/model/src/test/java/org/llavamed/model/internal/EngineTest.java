package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.llavamed.inference.Answer;
import org.llavamed.inference.Answer.StopReason;
import org.llavamed.inference.ModelException;
import org.llavamed.model.internal.Prompts.Prompt;

/** The queue and the thread, with requests that stop where the test wants it. */
@Timeout(60)
class EngineTest {
  private static final int MOST_WAITING = 3;

  private final CountDownLatch gate = new CountDownLatch(1);
  private final List<String> order = new CopyOnWriteArrayList<>();
  private ModelParts parts;
  private Engine engine;

  @BeforeEach
  void start() {
    ModelFolder folder = ModelFolder.open(TinyVqa.FOLDER);
    ModelSettings settings = TinyVqa.SETTINGS.with(new EngineSettings(1, MOST_WAITING, 256, 0, 0));
    parts = TinyVqa.parts(folder, settings);
    engine = new Engine(folder, parts.decoder(), new Prefixes(parts.decoder(), 0), MOST_WAITING);
    engine.start();
  }

  @AfterEach
  void close() {
    gate.countDown();
    engine.close();
    parts.close();
  }

  /** Writes its name into the order when it first has logits, after a gate has opened. */
  private final class Gated implements Course {
    private final String name;
    private final CountDownLatch begun = new CountDownLatch(1);
    private int left;

    Gated(String name, int tokens) {
      this.name = name;
      this.left = tokens;
    }

    @Override
    public @Nullable Move next(FloatBuffer logits, int length, Consumer<String> onText) {
      if (begun.getCount() > 0) {
        begun.countDown();
        try {
          gate.await();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
        order.add(name);
      }
      return left-- == 0 ? null : new Move(length, 5);
    }

    @Override
    public Answer answer() {
      return new Answer(name, List.of(), List.of(), 1, List.of(), StopReason.MAX_NEW_TOKENS, 3);
    }
  }

  private static final class Told implements Delivery {
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();

    @Override
    public void piece(String text) {
      throw new AssertionError(text);
    }

    @Override
    public void complete(Answer complete) {
      answer.complete(complete);
    }

    @Override
    public void fail(RuntimeException failure) {
      answer.completeExceptionally(failure);
    }

    @Override
    public void cancel() {
      // The test has cancelled the answer.
    }

    @Override
    public boolean cancelled() {
      return answer.isDone();
    }
  }

  private CompletableFuture<Answer> submit(Course course) {
    Told delivery = new Told();
    engine.submit(new Request(Features.NONE, new Prompt(List.of(1, 20, 30), 0), course, delivery));
    return delivery.answer;
  }

  private void occupy() throws InterruptedException {
    Gated first = new Gated("first", 2);
    assertThat(submit(first)).isNotNull();
    first.begun.await();
  }

  @Test
  void requestsStartInTheOrderInWhichTheyCame() throws Exception {
    occupy();
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      answers.add(submit(new Gated(name, 2)));
    }
    gate.countDown();
    for (CompletableFuture<Answer> answer : answers) {
      assertThat(answer.get(30, TimeUnit.SECONDS).promptTokens()).isEqualTo(3);
    }
    assertThat(order).containsExactly("first", "a", "b", "c");
  }

  @Test
  void aFullQueueRefusesWithBothNumbers() throws Exception {
    occupy();
    for (int i = 0; i < MOST_WAITING; i++) {
      assertThat(submit(new Gated("waiting", 0))).isNotDone();
    }
    assertThatThrownBy(() -> submit(new Gated("refused", 0)))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "The model has 3 requests waiting, expected fewer than 3. Ask again later, or set"
                + " mostWaiting higher in conf/org.llavamed.model.cfg.");
    gate.countDown();
  }

  @Test
  void aRequestThatIsCancelledWhileItWaitsNeverStarts() throws Exception {
    occupy();
    CompletableFuture<Answer> cancelled = submit(new Gated("cancelled", 0));
    CompletableFuture<Answer> next = submit(new Gated("next", 0));
    assertThat(cancelled.cancel(false)).isTrue();
    gate.countDown();
    assertThat(next.get(30, TimeUnit.SECONDS).text()).isEqualTo("next");
    assertThat(order).containsExactly("first", "next");
  }

  @Test
  void aRequestThatIsCancelledFreesItsRowWithinAStep() throws Exception {
    Gated endless = new Gated("endless", 1_000_000);
    CompletableFuture<Answer> running = submit(endless);
    endless.begun.await();
    CompletableFuture<Answer> next = submit(new Gated("next", 0));
    assertThat(running.cancel(false)).isTrue();
    gate.countDown();
    assertThat(next.get(30, TimeUnit.SECONDS).text()).isEqualTo("next");
    assertThat(parts.decoder().stepRuns()).isLessThanOrEqualTo(1);
  }

  @Test
  void workThatEndsInAnErrorFailsItsResult() {
    CompletableFuture<Features> result =
        engine.submit(
            () -> {
              throw new OutOfMemoryError("as a picture's features may");
            });
    assertThatThrownBy(() -> result.get(30, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void aCourseThatFailsFailsAlone() throws Exception {
    occupy();
    CompletableFuture<Answer> broken =
        submit(
            new Course() {
              @Override
              public @Nullable Move next(FloatBuffer logits, int length, Consumer<String> onText) {
                throw new IllegalStateException("broken");
              }

              @Override
              public Answer answer() {
                throw new AssertionError();
              }
            });
    CompletableFuture<Answer> next = submit(new Gated("next", 3));
    gate.countDown();
    assertThatThrownBy(broken::get).hasRootCauseMessage("broken");
    assertThat(next.get(30, TimeUnit.SECONDS).text()).isEqualTo("next");
  }

  @Test
  void closingFailsAllThatIsThere() throws Exception {
    Gated endless = new Gated("endless", 1_000_000);
    CompletableFuture<Answer> running = submit(endless);
    endless.begun.await();
    CompletableFuture<Answer> waiting = submit(new Gated("waiting", 0));
    CompletableFuture<Features> picture = engine.submit(() -> Features.NONE);
    engine.stop();
    gate.countDown();
    engine.close();
    for (CompletableFuture<?> failed : List.of(running, waiting, picture)) {
      assertThatThrownBy(failed::join)
          .isInstanceOf(CompletionException.class)
          .hasRootCauseInstanceOf(ModelException.class)
          .hasMessageContaining("the model is closed");
    }
    assertThatThrownBy(() -> submit(new Gated("late", 0)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("the model is closed");
  }

  @Test
  void workIsDoneBetweenTheTokensOfARequest() throws Exception {
    Gated endless = new Gated("endless", 900);
    CompletableFuture<Answer> running = submit(endless);
    endless.begun.await();
    CompletableFuture<Features> picture = engine.submit(() -> Features.NONE);
    CompletableFuture<Features> unwanted =
        engine.submit(
            () -> {
              throw new AssertionError("is cancelled");
            });
    assertThat(unwanted.cancel(false)).isTrue();
    gate.countDown();
    assertThat(picture.get(30, TimeUnit.SECONDS)).isSameAs(Features.NONE);
    assertThat(running.get(30, TimeUnit.SECONDS).text()).isEqualTo("endless");
    assertThatThrownBy(unwanted::get).isInstanceOf(CancellationException.class);
  }
}
