package org.llavamed.importer.internal;

import java.nio.FloatBuffer;

/** How far the logits of an imported decoder are from those of its checkpoint. */
final class Comparison {
  /**
   * Least share of positions at which both name the same next token. tiny-vqa, with tokens that lie
   * closer together than those of a large model, has 0.8 to 0.9 where 4-bit weights give 87 of 91
   * answers unchanged; weights that are broken have next to none.
   */
  static final double BOUND = 0.75;

  private double largest;
  private double sum;
  private long numbers;
  private int positions;
  private int equal;

  /** Compares one position. */
  void add(float[] expected, FloatBuffer found) {
    int best = 0;
    int bestFound = 0;
    for (int token = 0; token < expected.length; token++) {
      double difference = Math.abs((double) expected[token] - found.get(token));
      // Whatever is not a number counts as infinitely far.
      largest = Math.max(largest, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
      sum += difference;
      numbers++;
      best = expected[token] > expected[best] ? token : best;
      bestFound = found.get(token) > found.get(bestFound) ? token : bestFound;
    }
    positions++;
    equal += best == bestFound ? 1 : 0;
  }

  int positions() {
    return positions;
  }

  int equal() {
    return equal;
  }

  /** Returns whether all logits are numbers and enough next tokens are equal. */
  boolean holds() {
    return Double.isFinite(largest) && equal >= BOUND * positions;
  }

  /** Returns the share of positions with equal next tokens. */
  double share() {
    return (double) equal / positions;
  }

  double largest() {
    return largest;
  }

  double mean() {
    return sum / numbers;
  }
}
