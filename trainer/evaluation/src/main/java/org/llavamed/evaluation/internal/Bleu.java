package org.llavamed.evaluation.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * BLEU of one answer against one truth without smoothing, as the Natural Language Toolkit's {@code
 * sentence_bleu} gives it: where some n-gram has no match, its precision counts as the smallest
 * normal number instead of 0.
 */
final class Bleu {
  private Bleu() {}

  /**
   * Returns the score, 0 to 1.
   *
   * @param weights of the logarithms of the precisions of 1-grams, 2-grams and so on
   */
  static double sentence(List<String> truth, List<String> answer, double... weights) {
    double sum = 0;
    for (int n = 1; n <= weights.length; n++) {
      int matches = matches(truth, answer, n);
      if (n == 1 && matches == 0) {
        return 0;
      }
      int all = Math.max(1, answer.size() - n + 1);
      sum += weights[n - 1] * Math.log(matches == 0 ? Double.MIN_NORMAL : (double) matches / all);
    }
    return brevityPenalty(truth.size(), answer.size()) * Math.exp(sum);
  }

  private static double brevityPenalty(int truth, int answer) {
    return answer > truth ? 1 : Math.exp(1 - (double) truth / answer);
  }

  /** Returns how many n-grams of the answer the truth has, each as often as the truth has it. */
  private static int matches(List<String> truth, List<String> answer, int n) {
    Map<List<String>, Integer> expected = counts(truth, n);
    return counts(answer, n).entrySet().stream()
        .mapToInt(said -> Math.min(said.getValue(), expected.getOrDefault(said.getKey(), 0)))
        .sum();
  }

  private static Map<List<String>, Integer> counts(List<String> words, int n) {
    Map<List<String>, Integer> counts = new HashMap<>();
    for (int i = 0; i + n <= words.size(); i++) {
      counts.merge(words.subList(i, i + n), 1, Integer::sum);
    }
    return counts;
  }
}
