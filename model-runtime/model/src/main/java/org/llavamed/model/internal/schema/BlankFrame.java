package org.llavamed.model.internal.schema;

import org.jspecify.annotations.Nullable;

/** A value that one blank may precede. */
record BlankFrame(Rule value) implements Frame {
  @Override
  public @Nullable State step(int next, State below) {
    return next == ' ' ? State.of(value.start(), below) : value.start().step(next, below);
  }

  @Override
  public boolean mayEnd() {
    return false;
  }

  @Override
  public int closing() {
    return value.start().closing();
  }
}
