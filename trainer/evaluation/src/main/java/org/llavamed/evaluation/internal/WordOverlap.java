package org.llavamed.evaluation.internal;

import java.util.HashMap;
import java.util.Map;

/**
 * What the words of an answer and of the truth share, as the published scores count it.
 *
 * @param hits words of the answer that the truth has, as often as the answer has them
 * @param foreign words of the answer that the truth does not have, as often as the answer has them
 * @param missing words of the truth that the answer does not have, as often as the truth has them
 */
record WordOverlap(int hits, int foreign, int missing) {
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
    for (Map.Entry<String, Integer> word : said.entrySet()) {
      if (expected.containsKey(word.getKey())) {
        hits += word.getValue();
      } else {
        foreign += word.getValue();
      }
    }
    for (Map.Entry<String, Integer> word : expected.entrySet()) {
      missing += said.containsKey(word.getKey()) ? 0 : word.getValue();
    }
    return new WordOverlap(hits, foreign, missing);
  }

  private static Map<String, Integer> counts(String text) {
    Map<String, Integer> counts = new HashMap<>();
    NormalText.words(NormalText.normalize(text))
        .forEach(word -> counts.merge(word, 1, Integer::sum));
    return counts;
  }

  /** Returns the share of the truth that was said, 0 to 1; 0 where nothing is shared. */
  double recall() {
    return hits == 0 ? 0 : (double) hits / (hits + missing);
  }

  /** Returns the harmonic mean of precision and recall, 0 to 1; 0 where nothing is shared. */
  double f1() {
    double precision = hits == 0 ? 0 : (double) hits / (hits + foreign);
    return hits == 0 ? 0 : 2 * precision * recall() / (precision + recall());
  }
}
