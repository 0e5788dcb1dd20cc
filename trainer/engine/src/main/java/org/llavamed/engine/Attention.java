package org.llavamed.engine;

import org.jspecify.annotations.Nullable;

/**
 * How queries look at keys.
 *
 * @param causal whether query i sees the keys 0 to i only
 * @param mask where a query sees a key, truth values that broadcast to [batch, heads, queries,
 *     keys]; absent where all are seen
 * @param dropout share of the weights that are set to zero, from 0 to below 1
 */
public record Attention(boolean causal, @Nullable Tensor mask, double dropout) {
  /** Every query sees every key. */
  public static final Attention FULL = new Attention(false, null, 0);

  /** A query sees the keys up to its own position. */
  public static final Attention CAUSAL = new Attention(true, null, 0);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if there is a mask beside {@code causal}, or the dropout is
   *     not from 0 to below 1
   */
  public Attention {
    if (causal && mask != null) {
      throw new IllegalArgumentException("causal attention takes no mask, put both into the mask");
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout is " + dropout + ", expected 0 to below 1");
    }
  }

  /** A query sees the keys where the mask is true. */
  public static Attention masked(Tensor mask) {
    return new Attention(false, mask, 0);
  }

  /** Returns the same with a dropout. */
  public Attention withDropout(double share) {
    return new Attention(causal, mask, share);
  }
}
