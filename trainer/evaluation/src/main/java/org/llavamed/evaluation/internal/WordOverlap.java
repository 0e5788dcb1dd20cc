package org.llavamed.evaluation.internal;

import java.util.HashMap;
import java.util.Map;

/**
 * What the words of an answer and of the truth share. The published scores count a word of the
 * answer as often as it is said; {@code shared} counts it at most as often as the truth has it, so
 * that repeating a word gains nothing.
 *
 * @param hits words of the answer that the truth has, as often as the answer has them
 * @param foreign words of the answer that the truth does not have, as often as the answer has them
 * @param missing words of the truth that the answer does not have, as often as the truth has them
 * @param shared words of both, as often as the one has them that has them less
 * @param expected words of the truth
 */
record WordOverlap(int hits, int foreign, int missing, int shared, int expected) {
  /**
   * Compares two texts.
   *
   * @param answer normalised once; what is compared is normalised again
   * @param truth as {@code answer}
   */
  static WordOverlap of(String answer, String truth) {
    Map<String, Integer> said = counts(answer);
    Map<String, Integer> expected = counts(truth);
    int hits = 0;
    int foreign = 0;
    int missing = 0;
    int shared = 0;
    for (Map.Entry<String, Integer> word : said.entrySet()) {
      if (expected.containsKey(word.getKey())) {
        hits += word.getValue();
        shared += Math.min(word.getValue(), expected.getOrDefault(word.getKey(), 0));
      } else {
        foreign += word.getValue();
      }
    }
    for (Map.Entry<String, Integer> word : expected.entrySet()) {
      missing += said.containsKey(word.getKey()) ? 0 : word.getValue();
    }
    int length = expected.values().stream().mapToInt(Integer::intValue).sum();
    return new WordOverlap(hits, foreign, missing, shared, length);
  }

  private static Map<String, Integer> counts(String text) {
    Map<String, Integer> counts = new HashMap<>();
    NormalText.words(NormalText.normalize(text))
        .forEach(word -> counts.merge(word, 1, Integer::sum));
    return counts;
  }

  /** Returns the published recall, 0 to 1; 0 where nothing is shared. */
  double recall() {
    return hits == 0 ? 0 : (double) hits / (hits + missing);
  }

  /** Returns the published F1, 0 to 1; 0 where nothing is shared. */
  double f1() {
    double precision = hits == 0 ? 0 : (double) hits / (hits + foreign);
    return hits == 0 ? 0 : 2 * precision * recall() / (precision + recall());
  }

  /**
   * Returns the harmonic mean of the shares of the answer's and of the truth's words that are
   * shared, 0 to 1; 0 where nothing is.
   */
  double clippedF1() {
    return shared == 0 ? 0 : 2.0 * shared / (hits + foreign + expected);
  }
}
