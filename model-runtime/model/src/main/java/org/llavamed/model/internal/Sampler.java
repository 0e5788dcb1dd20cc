package org.llavamed.model.internal;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.llavamed.inference.Generation;
import org.llavamed.model.internal.schema.Constraint;

/**
 * Takes the next token of one answer from the model's logits, in the order of Hugging Face
 * transformers: constraint, repetition penalty, temperature, top-k, top-p, draw. The random numbers
 * are the answer's own, one a token: the same logits and seed give the same tokens, whatever else
 * is computed at the time. Not safe for use by several threads.
 */
final class Sampler {
  private final Generation generation;
  private final SplittableRandom random;
  private final BitSet seen = new BitSet();
  private final float[] values;
  private final double[] weights;
  private final long[] order;
  private final float[] largest;

  /**
   * A token.
   *
   * @param token its id
   * @param logProbability natural logarithm of its probability as the model gives it, before
   *     constraint, penalty, temperature and cuts
   */
  record Drawn(int token, double logProbability) {}

  /**
   * Makes the sampler of one answer.
   *
   * @param vocabulary number of tokens
   */
  Sampler(Generation generation, int vocabulary) {
    this.generation = generation;
    this.random = new SplittableRandom(generation.seed());
    this.values = new float[vocabulary];
    boolean draws = generation.temperature() > 0;
    this.weights = new double[draws ? vocabulary : 0];
    this.order = new long[draws && generation.topP() < 1 ? vocabulary : 0];
    this.largest = new float[draws ? Math.min(generation.topK(), vocabulary) : 0];
  }

  /**
   * Takes a token of the prompt or the answer, which the repetition penalty makes less likely from
   * now on. Picture positions are no tokens: they are left out.
   */
  void saw(int token) {
    seen.set(token);
  }

  /**
   * Returns the next token. It is not {@linkplain #saw seen} yet, nor accepted by the constraint.
   *
   * @param logits [vocabulary], read from index 0 and not changed
   * @throws org.llavamed.inference.ModelException if a logit is not finite, or the constraint
   *     allows no token
   */
  Drawn draw(FloatBuffer logits, Constraint constraint) {
    logits.get(0, values);
    double logSum = Logits.logSum(FloatBuffer.wrap(values));
    constraint.mask(FloatBuffer.wrap(values));
    penalise();
    int token = generation.temperature() == 0 ? argmax() : pick();
    return new Drawn(token, logits.get(token) - logSum);
  }

  private void penalise() {
    float penalty = (float) generation.repetitionPenalty();
    if (penalty == 1) {
      return;
    }
    for (int i = seen.nextSetBit(0); i >= 0 && i < values.length; i = seen.nextSetBit(i + 1)) {
      values[i] = values[i] > 0 ? values[i] / penalty : values[i] * penalty;
    }
  }

  /** Returns the largest value's token, the first of equals. */
  private int argmax() {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }

  private int pick() {
    weigh(largest.length == 0 ? Float.NEGATIVE_INFINITY : kthLargest());
    if (order.length > 0) {
      cut();
    }
    double left = random.nextDouble() * sum();
    int last = -1;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        last = i;
        left -= weights[i];
        if (left < 0) {
          break;
        }
      }
    }
    return last;
  }

  /** Weighs the tokens whose value is not below the least one; the largest weighs 1. */
  private void weigh(float least) {
    double most = values[argmax()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] =
          values[i] < least ? 0 : StrictMath.exp((values[i] - most) / generation.temperature());
    }
  }

  private double sum() {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    return sum;
  }

  /** Returns the least of the k largest values, which a heap holds with the least one on top. */
  private float kthLargest() {
    Arrays.fill(largest, Float.NEGATIVE_INFINITY);
    for (float value : values) {
      if (value > largest[0]) {
        replaceLeast(value);
      }
    }
    return largest[0];
  }

  private void replaceLeast(float value) {
    int hole = 0;
    int child = 1;
    while (child < largest.length) {
      if (child + 1 < largest.length && largest[child + 1] < largest[child]) {
        child++;
      }
      if (largest[child] >= value) {
        break;
      }
      largest[hole] = largest[child];
      hole = child;
      child = 2 * hole + 1;
    }
    largest[hole] = value;
  }

  /**
   * Leaves the likeliest tokens that reach top-p together, of equals the first. Tokens that reach
   * less than the rest even if all others were as likely need no sorting.
   */
  private void cut() {
    double sum = sum();
    double least = Math.min((1 - generation.topP()) * sum / weights.length, Math.nextDown(1.0));
    int count = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > least) {
        order[count++] = ((long) sortable(values[i]) << Integer.SIZE) | (weights.length - i);
      } else {
        weights[i] = 0;
      }
    }
    Arrays.sort(order, 0, count);
    double reached = 0;
    for (int i = count - 1; i >= 0; i--) {
      int token = weights.length - (int) order[i];
      double weight = weights[token];
      weights[token] = reached < generation.topP() * sum ? weight : 0;
      reached += weight;
    }
  }

  /** Returns an integer that is ordered as the values are. */
  private static int sortable(float value) {
    int bits = Float.floatToIntBits(value + 0.0f);
    return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
  }

  /** Returns the probability with which the last draw took a token, after penalty and cuts. */
  double share(int token) {
    return weights[token] / sum();
  }
}
