package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.llavamed.inference.Answer;
import org.llavamed.inference.EncodedPicture;
import org.llavamed.inference.Generation;
import org.llavamed.inference.Query;

/** Requests that share steps get what they would get alone. */
@Timeout(300)
class BatchTest {
  private static final long SEED = 20261124;
  private static final List<String> QUESTIONS =
      List.of(
          "What organ is shown?",
          "Is this normal?",
          "Where is the abnormality located?",
          "Describe the findings in this image.",
          "Is there a fracture of the left hip or of the right one, or of none of them?");

  /** A request that is made at some time. */
  private record Asked(int picture, Query query, int delayMillis) {}

  private static List<Asked> requests(Random random, int count) {
    List<Asked> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String question = QUESTIONS.get(random.nextInt(QUESTIONS.size()));
      Generation generation =
          Generation.GREEDY
              .withMaxNewTokens(1 + random.nextInt(40))
              .withRepetitionPenalty(random.nextBoolean() ? 1 : 1.2);
      if (random.nextBoolean()) {
        generation = generation.withSampling(1.5, 0, 0.95, random.nextLong());
      }
      Query query =
          random.nextInt(4) == 0
              ? Query.choice(question, List.of("yes", "no", "the left hip", "the left lung"))
              : Query.open(question, generation);
      requests.add(new Asked(random.nextInt(4) - 1, query, random.nextInt(30)));
    }
    return requests;
  }

  private static ModelSettings settings(int rows, int chunk, int prefixes) {
    return TinyVqa.SETTINGS.with(new EngineSettings(rows, 64, chunk, prefixes, 64));
  }

  private static LlavaModel open(ModelSettings settings) {
    return (LlavaModel) new OnnxModelRuntime(settings).open(TinyVqa.FOLDER);
  }

  private static EncodedPicture shown(LlavaModel model, int picture) {
    return picture < 0
        ? model.withoutPicture()
        : model.encode(TinyVqa.rings(120 + 30 * picture, 20 * picture));
  }

  private static Answer ask(LlavaModel model, Asked asked) {
    try (EncodedPicture picture = shown(model, asked.picture())) {
      return picture.answer(asked.query(), text -> {});
    }
  }

  private static List<Answer> together(LlavaModel model, List<Asked> requests) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(requests.size());
    try {
      List<Future<Answer>> futures = new ArrayList<>();
      for (Asked asked : requests) {
        futures.add(
            threads.submit(
                () -> {
                  Thread.sleep(asked.delayMillis());
                  return ask(model, asked);
                }));
      }
      List<Answer> answers = new ArrayList<>();
      for (Future<Answer> future : futures) {
        answers.add(future.get());
      }
      return answers;
    } finally {
      threads.shutdownNow();
    }
  }

  private static void expectAlike(Answer found, Answer alone, Object what) {
    assertThat(found.tokens()).as("%s", what).isEqualTo(alone.tokens());
    assertThat(found.text()).as("%s", what).isEqualTo(alone.text());
    assertThat(found.stop()).as("%s", what).isEqualTo(alone.stop());
    assertThat(found.promptTokens()).as("%s", what).isEqualTo(alone.promptTokens());
    assertThat(found.probability()).as("%s", what).isCloseTo(alone.probability(), within(1e-4));
    for (int i = 0; i < alone.logProbabilities().size(); i++) {
      assertThat(found.logProbabilities().get(i))
          .as("%s, token %d", what, i)
          .isCloseTo(alone.logProbabilities().get(i), within(1e-3));
    }
    for (int i = 0; i < alone.choices().size(); i++) {
      assertThat(found.choices().get(i).probability())
          .as("%s, choice %d", what, i)
          .isCloseTo(alone.choices().get(i).probability(), within(1e-4));
    }
  }

  @Test
  void requestsThatJoinAtAnyTimeGetWhatTheyGetAlone() throws Exception {
    System.out.println("BatchTest: seed " + SEED);
    Random random = new Random(SEED);
    for (int round = 0; round < 6; round++) {
      List<Asked> requests = requests(random, 20);
      int rows = 1 + random.nextInt(8);
      int chunk = 16 + random.nextInt(64);
      List<Answer> alone = new ArrayList<>();
      try (LlavaModel model = open(settings(1, chunk, 0))) {
        requests.forEach(asked -> alone.add(ask(model, asked)));
      }
      try (LlavaModel model = open(settings(rows, chunk, random.nextInt(2)))) {
        List<Answer> found = together(model, requests);
        for (int i = 0; i < found.size(); i++) {
          expectAlike(found.get(i), alone.get(i), "round " + round + ": " + requests.get(i));
        }
      }
    }
  }

  @Test
  void cancelledRequestsChangeNothingForTheOthers() throws Exception {
    Random random = new Random(SEED + 1);
    System.out.println("BatchTest: seed " + (SEED + 1));
    List<Asked> requests = requests(random, 16);
    List<Answer> alone = new ArrayList<>();
    Map<CompletableFuture<Answer>, Integer> kept = new HashMap<>();
    try (LlavaModel model = open(settings(4, 24, 64))) {
      requests.forEach(asked -> alone.add(ask(model, asked)));
      List<CompletableFuture<Answer>> cancelled = new ArrayList<>();
      for (int i = 0; i < requests.size(); i++) {
        Asked asked = requests.get(i);
        CompletableFuture<Answer> answer =
            shown(model, asked.picture()).ask(asked.query(), new Pieces(Long.MAX_VALUE));
        if (i % 2 == 0) {
          cancelled.add(answer);
        } else {
          kept.put(answer, i);
        }
      }
      for (CompletableFuture<Answer> answer : cancelled) {
        Thread.sleep(random.nextInt(4));
        answer.cancel(true);
      }
      for (Map.Entry<CompletableFuture<Answer>, Integer> entry : kept.entrySet()) {
        int i = entry.getValue();
        expectAlike(entry.getKey().get(), alone.get(i), requests.get(i));
      }
    }
  }

  @Test
  void aPrefixThatIsCopiedGivesTheBitsOfOneThatIsRead() throws Exception {
    Query query = Query.open("What organ is shown?", Generation.GREEDY.withMaxNewTokens(8));
    List<Answer> read = new ArrayList<>();
    try (LlavaModel model = open(settings(1, 32, 0))) {
      for (int picture = 0; picture < 3; picture++) {
        read.add(ask(model, new Asked(picture, query, 0)));
      }
    }
    try (LlavaModel model = open(settings(1, 32, 64))) {
      for (int round = 0; round < 3; round++) {
        for (int picture = 0; picture < 3; picture++) {
          assertThat(ask(model, new Asked(picture, query, 0))).isEqualTo(read.get(picture));
        }
      }
    }
  }

  @Test
  void aSubscriberThatRequestsNothingStopsNobody() throws Exception {
    try (LlavaModel model = open(settings(2, 256, 64));
        EncodedPicture picture = shown(model, 1)) {
      Query query = Query.open("Describe the findings in this image.");
      List<String> pieces = new ArrayList<>();
      Answer alone = picture.answer(query, pieces::add);
      Pieces slow = new Pieces(0);
      CompletableFuture<Answer> answer = picture.ask(query, slow);
      assertThat(picture.answer(query, text -> {}).tokens()).isEqualTo(alone.tokens());
      assertThat(answer.get().tokens()).isEqualTo(alone.tokens());
      assertThat(slow.received()).isEmpty();
      slow.request(1);
      slow.await(1);
      assertThat(slow.received()).isEqualTo(pieces.subList(0, 1));
      slow.request(Long.MAX_VALUE);
      slow.awaitEnd();
      assertThat(slow.received()).isEqualTo(pieces);
    }
  }

  @Test
  void aSubscriberThatBlocksStopsNobody() throws Exception {
    try (LlavaModel model = open(settings(2, 256, 64));
        EncodedPicture picture = shown(model, 1)) {
      Query query = Query.open("Describe the findings in this image.");
      Pieces blocked = new Pieces(Long.MAX_VALUE);
      blocked.block();
      CompletableFuture<Answer> answer = picture.ask(query, blocked);
      Answer other = picture.answer(query, text -> {});
      assertThat(answer.get().tokens()).isEqualTo(other.tokens());
      assertThat(blocked.received()).isEmpty();
      blocked.unblock();
      blocked.awaitEnd();
      assertThat(String.join("", blocked.received())).isEqualTo(other.text());
    }
  }
}
