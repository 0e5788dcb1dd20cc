package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.llavamed.inference.Answer;
import org.llavamed.inference.ModelInspection;
import org.llavamed.model.internal.Prompts.Continuation;
import org.llavamed.model.internal.Prompts.Prompt;

/** Answers weighed in a tree, against each of them read on its own. */
class ChoiceCourseTest {
  private static final long SEED = 7;
  private static final int END = 2;
  private static final List<Integer> PROMPT = List.of(1, 40, 50, 60);

  private static List<Continuation> answers(Random random) {
    List<Continuation> answers = new ArrayList<>();
    int count = 2 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      List<Integer> own = new ArrayList<>();
      int length = 1 + random.nextInt(5);
      for (int j = 0; j < length; j++) {
        own.add(100 + random.nextInt(2)); // two tokens only: beginnings are shared often
      }
      List<Integer> all = new ArrayList<>(own);
      all.add(END);
      answers.add(new Continuation(all, own));
    }
    return answers;
  }

  /** Reads an answer by itself and multiplies the probabilities of its tokens. */
  private static double log(ModelInspection inspection, List<Integer> answer) {
    List<Integer> all = new ArrayList<>(PROMPT);
    all.addAll(answer.subList(0, answer.size() - 1));
    List<FloatBuffer> logits = inspection.logits(all, Optional.empty(), PROMPT.size());
    double log = 0;
    for (int i = 0; i < answer.size(); i++) {
      log += logits.get(i).get(answer.get(i)) - Logits.logSum(logits.get(i));
    }
    return log;
  }

  @Test
  void sharedBeginningsAreReadOnceAndTheProbabilitiesAreThoseOfEachAlone() throws Exception {
    System.out.println("ChoiceCourseTest: seed " + SEED);
    Random random = new Random(SEED);
    ModelFolder folder = ModelFolder.open(TinyVqa.FOLDER);
    try (ModelParts parts = TinyVqa.parts(folder, TinyVqa.SETTINGS);
        Engine engine = new Engine(folder, parts.decoder(), new Prefixes(parts.decoder(), 0), 8);
        ModelInspection inspection =
            new OnnxModelRuntime(TinyVqa.SETTINGS).inspect(TinyVqa.FOLDER)) {
      engine.start();
      int most = 0;
      for (int round = 0; round < 20; round++) {
        List<Continuation> answers = answers(random);
        List<String> texts = answers.stream().map(answer -> answer.own().toString()).toList();
        long before = parts.decoder().stepRuns();
        Answer answer = answer(engine, texts, answers);
        int nodes = innerNodes(ChoiceTree.of(answers.stream().map(Continuation::tokens).toList()));
        assertThat(parts.decoder().stepRuns() - before).isEqualTo(nodes);
        most = Math.max(most, nodes);
        double[] logs =
            answers.stream().mapToDouble(one -> log(inspection, one.tokens())).toArray();
        double sum = 0;
        for (double log : logs) {
          sum += Math.exp(log);
        }
        for (int i = 0; i < logs.length; i++) {
          assertThat(answer.choices().get(i).probability())
              .as("%s of %s", texts.get(i), texts)
              .isCloseTo(Math.exp(logs[i]) / sum, within(1e-6));
        }
      }
      assertThat(most).isGreaterThan(5);
    }
  }

  private static Answer answer(Engine engine, List<String> texts, List<Continuation> answers)
      throws Exception {
    BlockingDelivery delivery = new BlockingDelivery();
    engine.submit(
        new Request(
            Features.NONE,
            new Prompt(PROMPT, 0),
            new ChoiceCourse(texts, answers, PROMPT.size()),
            delivery));
    return delivery.await(text -> {});
  }

  /** Returns the nodes below this one from which others go on: each is a decode step. */
  private static int innerNodes(ChoiceTree tree) {
    return tree.nexts().values().stream()
        .filter(node -> !node.nexts().isEmpty())
        .mapToInt(node -> 1 + innerNodes(node))
        .sum();
  }

  @Test
  void countsTheNodesFromWhichOthersGoOn() {
    assertThat(innerNodes(ChoiceTree.of(List.of(List.of(5, 2), List.of(6, 2))))).isEqualTo(2);
    assertThat(innerNodes(ChoiceTree.of(List.of(List.of(5, 7, 2), List.of(5, 8, 2))))).isEqualTo(3);
    assertThat(innerNodes(ChoiceTree.of(List.of(List.of(5), List.of(5))))).isZero();
  }
}
