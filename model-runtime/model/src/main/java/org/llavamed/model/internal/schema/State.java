package org.llavamed.model.internal.schema;

import org.jspecify.annotations.Nullable;

/** All begun parts of an answer, the innermost on top. Immutable. */
final class State {
  /** The whole answer is written. */
  static final State END = new State(new End(), null);

  private final Frame top;
  private final @Nullable State below;
  private final int closing;
  private final int hash;

  private record End() implements Frame {
    @Override
    public @Nullable State step(int next, State below) {
      return null;
    }

    @Override
    public boolean mayEnd() {
      return true;
    }

    @Override
    public int closing() {
      return 0;
    }
  }

  private State(Frame top, @Nullable State below) {
    this.top = top;
    this.below = below;
    this.closing = Frame.tokens((long) top.closing() + (below == null ? 0 : below.closing));
    this.hash = 31 * top.hashCode() + (below == null ? 0 : below.hash);
  }

  /** Returns a part on top of others. */
  static State of(Frame top, State below) {
    return new State(top, below);
  }

  /** Returns the state after one byte; null if it may not come. */
  @Nullable State step(int next) {
    State state = this;
    while (state.below != null) {
      State after = state.top.step(next, state.below);
      if (after != null) {
        return after;
      }
      if (!state.top.mayEnd()) {
        return null;
      }
      state = state.below;
    }
    return null;
  }

  /** Returns whether the answer may end here. */
  boolean complete() {
    State state = this;
    while (state.below != null && state.top.mayEnd()) {
      state = state.below;
    }
    return state.below == null;
  }

  /** Returns a number of tokens that complete the answer for sure. */
  int closing() {
    return closing;
  }

  /** Returns a state that lets the same tokens come next, each of at most that many bytes. */
  State capped(int most) {
    return below == null ? this : new State(top.capped(most), below.capped(most));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (this == other) {
      return true;
    }
    if (!(other instanceof State state) || hash != state.hash || !top.equals(state.top)) {
      return false;
    }
    return below == null ? state.below == null : below.equals(state.below);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
