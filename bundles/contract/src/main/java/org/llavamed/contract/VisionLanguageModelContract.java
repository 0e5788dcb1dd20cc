package org.llavamed.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.llavamed.imaging.Picture;
import org.llavamed.inference.Answer;
import org.llavamed.inference.Answer.ChoiceProbability;
import org.llavamed.inference.Answer.StopReason;
import org.llavamed.inference.EncodedPicture;
import org.llavamed.inference.Generation;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.Query;
import org.llavamed.inference.VisionLanguageModel;

/** What every {@link VisionLanguageModel} promises. */
@Timeout(120)
public abstract class VisionLanguageModelContract {
  private static final List<String> QUESTIONS =
      List.of("What organ is shown?", "Is this normal?", "What is the plane of this image?");

  private VisionLanguageModel model;

  /** Returns a newly opened model. */
  protected abstract VisionLanguageModel open();

  @BeforeEach
  final void openModel() {
    model = open();
  }

  @AfterEach
  final void closeModel() {
    model.close();
  }

  @Test
  void saysWhatItIs() {
    assertThat(model.card().name()).isNotBlank();
    assertThat(model.card().template()).isNotBlank();
    assertThat(model.card()).isEqualTo(model.card());
  }

  @Test
  void answersAreTheSameEveryTime() {
    try (EncodedPicture one = model.encode(picture(1));
        EncodedPicture again = model.encode(picture(1))) {
      for (String question : QUESTIONS) {
        Answer answer = one.answer(Query.open(question), text -> {});
        assertThat(one.answer(Query.open(question), text -> {})).isEqualTo(answer);
        assertThat(again.answer(Query.open(question), text -> {})).isEqualTo(answer);
      }
    }
  }

  @Test
  void questionsAboutSeveralPicturesDoNotMix() {
    List<Answer> apart = new ArrayList<>();
    for (int seed = 1; seed <= 2; seed++) {
      try (EncodedPicture picture = model.encode(picture(seed))) {
        apart.add(picture.answer(Query.open(QUESTIONS.get(0)), text -> {}));
      }
    }
    try (EncodedPicture first = model.encode(picture(1));
        EncodedPicture second = model.encode(picture(2))) {
      for (int round = 0; round < 3; round++) {
        assertThat(first.answer(Query.open(QUESTIONS.get(0)), text -> {})).isEqualTo(apart.get(0));
        assertThat(second.answer(Query.open(QUESTIONS.get(0)), text -> {})).isEqualTo(apart.get(1));
      }
    }
  }

  @Test
  void thePiecesOfTheTextAreTheText() {
    try (EncodedPicture picture = model.encode(picture(1))) {
      for (String question : QUESTIONS) {
        StringBuilder pieces = new StringBuilder();
        Answer answer = picture.answer(Query.open(question), pieces::append);
        assertThat(pieces).hasToString(answer.text());
        assertThat(answer.text()).isEqualTo(answer.text().strip());
        assertThat(answer.probability()).isBetween(0.0, 1.0);
        assertThat(answer.choices()).isEmpty();
      }
    }
  }

  @Test
  void writesNoMoreTokensThanAllowed() {
    try (EncodedPicture picture = model.encode(picture(1))) {
      Answer whole =
          picture.answer(
              Query.open(QUESTIONS.get(0), Generation.GREEDY.withMaxNewTokens(64)), text -> {});
      Answer one =
          picture.answer(
              Query.open(QUESTIONS.get(0), Generation.GREEDY.withMaxNewTokens(1)), text -> {});
      assertThat(one.tokens()).hasSizeLessThanOrEqualTo(1);
      if (whole.tokens().size() > 1) {
        assertThat(one.tokens()).isEqualTo(whole.tokens().subList(0, 1));
        assertThat(one.stop()).isEqualTo(StopReason.MAX_NEW_TOKENS);
      }
    }
  }

  @Test
  void theProbabilitiesOfChoicesSumToOneAndTheLikeliestIsTaken() {
    List<String> choices = List.of("brain", "chest", "abdomen and pelvis", "Yes");
    try (EncodedPicture picture = model.encode(picture(1))) {
      StringBuilder pieces = new StringBuilder();
      Answer answer = picture.answer(Query.choice(QUESTIONS.get(0), choices), pieces::append);
      assertThat(answer.stop()).isEqualTo(StopReason.CHOICE);
      assertThat(answer.choices()).extracting(ChoiceProbability::choice).isEqualTo(choices);
      double sum = answer.choices().stream().mapToDouble(ChoiceProbability::probability).sum();
      assertThat(sum).isCloseTo(1, within(1e-9));
      double most =
          answer.choices().stream().mapToDouble(ChoiceProbability::probability).max().orElseThrow();
      assertThat(answer.probability()).isEqualTo(most);
      assertThat(answer.choices())
          .contains(new ChoiceProbability(answer.text(), answer.probability()));
      assertThat(pieces).hasToString(answer.text());
    }
  }

  @Test
  void theOrderOfChoicesDoesNotMatter() {
    try (EncodedPicture picture = model.encode(picture(2))) {
      Answer one = picture.answer(Query.choice(QUESTIONS.get(1), List.of("yes", "no")), text -> {});
      Answer two = picture.answer(Query.choice(QUESTIONS.get(1), List.of("no", "yes")), text -> {});
      assertThat(two.text()).isEqualTo(one.text());
      assertThat(two.probability()).isCloseTo(one.probability(), within(1e-12));
    }
  }

  @Test
  void namesBothNumbersWhereAPromptDoesNotFit() {
    String endless = "Is there a mass? ".repeat(100_000);
    try (EncodedPicture picture = model.encode(picture(1))) {
      assertThatThrownBy(() -> picture.answer(Query.open(endless), text -> {}))
          .isInstanceOf(ModelException.class)
          .hasMessageMatching(
              "The prompt and its answer need \\d+ positions, the model's context has \\d+\\. .*");
      assertThat(picture.answer(Query.open(QUESTIONS.get(0)), text -> {}).promptTokens())
          .isPositive();
    }
  }

  @Test
  void requestsThatAreMadeTogetherGetTheTextsThatTheyGetAlone() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (EncodedPicture first = model.encode(picture(1));
        EncodedPicture second = model.encode(picture(2))) {
      Answer one = first.answer(Query.open(QUESTIONS.get(0)), text -> {});
      Answer two = second.answer(Query.open(QUESTIONS.get(1)), text -> {});
      List<Future<Answer>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        boolean even = i % 2 == 0;
        answers.add(
            threads.submit(
                () ->
                    (even ? first : second)
                        .answer(Query.open(QUESTIONS.get(even ? 0 : 1)), text -> {})));
      }
      for (int i = 0; i < answers.size(); i++) {
        Answer expected = i % 2 == 0 ? one : two;
        Answer found = answers.get(i).get();
        assertThat(found.text()).isEqualTo(expected.text());
        assertThat(found.tokens()).isEqualTo(expected.tokens());
        assertThat(found.stop()).isEqualTo(expected.stop());
        assertThat(found.promptTokens()).isEqualTo(expected.promptTokens());
        assertThat(found.probability()).isCloseTo(expected.probability(), within(1e-4));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void drawsTheSameTokensWithTheSameSeed() {
    Generation drawn = Generation.GREEDY.withMaxNewTokens(12).withSampling(1.3, 0, 0.9, 42);
    try (EncodedPicture picture = model.encode(picture(1))) {
      Answer answer = picture.answer(Query.open(QUESTIONS.get(0), drawn), text -> {});
      assertThat(picture.answer(Query.open(QUESTIONS.get(0), drawn), text -> {})).isEqualTo(answer);
      assertThat(answer.logProbabilities()).hasSameSizeAs(answer.tokens());
    }
  }

  @Test
  void endsBeforeAStopText() {
    try (EncodedPicture picture = model.encode(picture(1))) {
      String whole = picture.answer(Query.open(QUESTIONS.get(0)), text -> {}).text();
      assertThat(whole).hasSizeGreaterThan(1);
      String stop = whole.substring(whole.length() / 2);
      StringBuilder pieces = new StringBuilder();
      Answer answer =
          picture.answer(
              Query.open(QUESTIONS.get(0), Generation.GREEDY.withStopTexts(List.of(stop))),
              pieces::append);
      assertThat(answer.stop()).isEqualTo(StopReason.STOP_TEXT);
      assertThat(answer.text()).isEqualTo(whole.substring(0, whole.indexOf(stop)).strip());
      assertThat(pieces).hasToString(answer.text());
    }
  }

  @Test
  void answersWithoutAPicture() {
    try (EncodedPicture none = model.withoutPicture();
        EncodedPicture picture = model.encode(picture(1))) {
      Query query = Query.open(QUESTIONS.get(0));
      Answer answer = none.answer(query, text -> {});
      assertThat(none.answer(query, text -> {})).isEqualTo(answer);
      assertThat(answer.promptTokens())
          .isLessThan(picture.answer(query, text -> {}).promptTokens());
    }
  }

  @Test
  void aSubscriberGetsThePiecesThatItRequests() throws Exception {
    try (EncodedPicture picture = model.encode(picture(1))) {
      Query query = Query.open(QUESTIONS.get(0));
      List<String> expected = new ArrayList<>();
      Answer blocking = picture.answer(query, expected::add);
      Subscriber subscriber = new Subscriber();
      CompletableFuture<Answer> answer = picture.ask(query, subscriber);
      assertThat(answer.get()).as("nothing is requested yet").isEqualTo(blocking);
      assertThat(subscriber.pieces).isEmpty();
      subscriber.subscription.get().request(Long.MAX_VALUE);
      subscriber.end.get();
      assertThat(subscriber.pieces).isEqualTo(expected);
    }
  }

  @Test
  void aCancelledSubscriptionCancelsTheAnswerAndNoOther() throws Exception {
    try (EncodedPicture picture = model.encode(picture(1))) {
      Query query = Query.open(QUESTIONS.get(0));
      Answer alone = picture.answer(query, text -> {});
      for (int i = 0; i < 4; i++) {
        Subscriber subscriber = new Subscriber();
        CompletableFuture<Answer> cancelled = picture.ask(query, subscriber);
        subscriber.subscription.get().cancel();
        assertThat(picture.answer(query, text -> {}).tokens()).isEqualTo(alone.tokens());
        // Where the answer was faster than the cancellation, it is there.
        assertThat(cancelled)
            .matches(future -> future.handle((answer, e) -> true).join())
            .matches(
                future -> future.isCancelled() || future.join().tokens().equals(alone.tokens()));
      }
    }
  }

  /** Keeps its pieces; requests none by itself. */
  private static final class Subscriber implements Flow.Subscriber<String> {
    private final List<String> pieces = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private final CompletableFuture<Boolean> end = new CompletableFuture<>();

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription.complete(given);
    }

    @Override
    public void onNext(String piece) {
      pieces.add(piece);
    }

    @Override
    public void onError(Throwable failure) {
      end.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      end.complete(true);
    }
  }

  @Test
  void aConsumerThatThrowsEndsItsOwnRequestOnly() {
    try (EncodedPicture picture = model.encode(picture(1))) {
      Query query = Query.open(QUESTIONS.get(0));
      Answer alone = picture.answer(query, text -> {});
      assertThatThrownBy(
              () ->
                  picture.answer(
                      query,
                      text -> {
                        throw new IllegalStateException("enough");
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("enough");
      assertThat(picture.answer(query, text -> {})).isEqualTo(alone);
    }
  }

  @Test
  void refusesWorkAfterClosing() {
    EncodedPicture picture = model.encode(picture(1));
    model.close();
    assertThatThrownBy(() -> picture.answer(Query.open(QUESTIONS.get(0)), text -> {}))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("the model is closed");
    assertThatThrownBy(() -> model.encode(picture(1)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("the model is closed");
    assertThatNoException().isThrownBy(model::close);
    assertThatNoException().isThrownBy(picture::close);
  }

  @Test
  void refusesQuestionsAboutAClosedPicture() {
    EncodedPicture picture = model.encode(picture(1));
    picture.close();
    assertThatThrownBy(() -> picture.answer(Query.open(QUESTIONS.get(0)), text -> {}))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("it is closed");
  }

  @Test
  void closingStopsTheRequestInFlight() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    CountDownLatch asking = new CountDownLatch(1);
    EncodedPicture picture = model.encode(picture(1));
    try {
      Future<?> asked =
          thread.submit(
              () -> {
                while (true) {
                  asking.countDown();
                  picture.answer(Query.open(QUESTIONS.get(0)), text -> {});
                }
              });
      asking.await();
      model.close();
      assertThatThrownBy(asked::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(ModelException.class)
          .hasMessageContaining("the model is closed");
    } finally {
      thread.shutdownNow();
    }
  }

  @Test
  void anInterruptStopsTheAnswerAndTheModelGoesOn() {
    try (EncodedPicture picture = model.encode(picture(1))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> picture.answer(Query.open(QUESTIONS.get(0)), text -> {}))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("interrupted");
      assertThat(Thread.interrupted()).as("the thread stays interrupted").isTrue();
      assertThat(picture.answer(Query.open(QUESTIONS.get(0)), text -> {}).promptTokens())
          .isPositive();
    }
  }

  /** Stripes and a ramp: pictures of different seeds differ. */
  private static Picture picture(int seed) {
    int width = 96 + 16 * seed;
    int height = 80;
    byte[] pixels = new byte[width * height];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i % width * seed + i / width / (4 * seed) * 32);
    }
    return new Picture(width, height, 1, ByteBuffer.wrap(pixels));
  }
}
