package org.llavamed.model.internal;

import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.llavamed.inference.Answer;
import org.llavamed.inference.Answer.ChoiceProbability;
import org.llavamed.inference.Answer.StopReason;
import org.llavamed.model.internal.Prompts.Continuation;

/**
 * Weighs a closed set of answers by the exact probability of each. What they share is read once:
 * each node of their tree from which others go on takes one step, depth first.
 */
final class ChoiceCourse implements Course {
  private final List<String> texts;
  private final List<Continuation> answers;
  private final int promptTokens;
  private final double[] logs;
  private final Deque<Visit> open = new ArrayDeque<>();
  private Visit at;

  /**
   * A node that is to be read.
   *
   * @param token that leads to it
   * @param log logarithm of the probability of what is written there
   */
  private record Visit(ChoiceTree node, int token, double log) {}

  /**
   * Begins.
   *
   * @param texts the answers
   * @param answers the same in tokens
   * @param promptTokens number of the prompt's tokens
   */
  ChoiceCourse(List<String> texts, List<Continuation> answers, int promptTokens) {
    this.texts = texts;
    this.answers = answers;
    this.promptTokens = promptTokens;
    this.logs = new double[texts.size()];
    this.at = new Visit(ChoiceTree.of(answers.stream().map(Continuation::tokens).toList()), -1, 0);
  }

  @Override
  public @Nullable Move next(FloatBuffer logits, int length, Consumer<String> onText) {
    double logSum = Logits.logSum(logits);
    Deque<Visit> found = new ArrayDeque<>();
    for (Map.Entry<Integer, ChoiceTree> next : at.node().nexts().entrySet()) {
      int token = next.getKey();
      double log = at.log() + logits.get(token) - logSum;
      next.getValue().complete().forEach(answer -> logs[answer] = log);
      if (!next.getValue().nexts().isEmpty()) {
        found.push(new Visit(next.getValue(), token, log));
      }
    }
    found.forEach(open::push);
    if (open.isEmpty()) {
      onText.accept(texts.get(best()));
      return null;
    }
    at = open.pop();
    return new Move(promptTokens + at.node().depth() - 1, at.token());
  }

  private int best() {
    int best = 0;
    for (int i = 1; i < logs.length; i++) {
      best = logs[i] > logs[best] ? i : best;
    }
    return best;
  }

  @Override
  public Answer answer() {
    int best = best();
    double sum = 0;
    for (double log : logs) {
      sum += Math.exp(log - logs[best]);
    }
    List<ChoiceProbability> shares = new ArrayList<>();
    for (int i = 0; i < logs.length; i++) {
      shares.add(new ChoiceProbability(texts.get(i), Math.exp(logs[i] - logs[best]) / sum));
    }
    return new Answer(
        texts.get(best),
        answers.get(best).own(),
        List.of(),
        shares.get(best).probability(),
        shares,
        StopReason.CHOICE,
        promptTokens);
  }
}
