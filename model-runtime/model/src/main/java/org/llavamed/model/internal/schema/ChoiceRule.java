package org.llavamed.model.internal.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One of several values, told apart by their first byte. */
final class ChoiceRule implements Rule {
  private final List<Rule> values;
  private final int closing;

  ChoiceRule(List<Rule> values) {
    this.values = List.copyOf(values);
    this.closing = values.stream().mapToInt(value -> value.start().closing()).min().orElseThrow();
  }

  private record Start(ChoiceRule rule) implements Frame {
    @Override
    public @Nullable State step(int next, State below) {
      for (Rule value : rule.values) {
        State after = value.start().step(next, below);
        if (after != null) {
          return after;
        }
      }
      return null;
    }

    @Override
    public boolean mayEnd() {
      return false;
    }

    @Override
    public int closing() {
      return rule.closing;
    }
  }

  @Override
  public Frame start() {
    return new Start(this);
  }
}
