package org.llavamed.model.internal.schema;

import org.jspecify.annotations.Nullable;

/** One begun part of an answer: a string, a number, an object between two members. Immutable. */
interface Frame {
  /** More tokens than any answer has: what cannot be closed. */
  int NEVER = 1 << 28;

  /**
   * Takes one byte.
   *
   * @param below the parts around this one
   * @return the parts after that byte; null if it may not come
   */
  @Nullable State step(int next, State below);

  /** Returns whether the part may be complete as it is. */
  boolean mayEnd();

  /**
   * Returns a number of tokens that complete the part for sure: at least one token that may come
   * next makes it one less. {@link #NEVER} where the vocabulary cannot complete it.
   */
  int closing();

  /**
   * Returns the part with its counters cut to a number of bytes that one token cannot exceed: the
   * same tokens may come next.
   */
  default Frame capped(int most) {
    return this;
  }

  /** Returns a number of tokens, at most {@link #NEVER}. */
  static int tokens(long count) {
    return (int) Math.min(count, NEVER);
  }
}
