package org.llavamed.model.internal.schema;

import org.jspecify.annotations.Nullable;

/** A list of values of one kind. */
final class ArrayRule implements Rule {
  private final Rule item;
  private final int least;
  private final int most;
  private final int mark;
  private final int itemClosing;

  /**
   * Makes the rule.
   *
   * @param least fewest items
   * @param most most items
   * @param mark tokens for one of the marks [ , and ]
   */
  ArrayRule(Rule item, int least, int most, int mark) {
    this.item = item;
    this.least = least;
    this.most = most;
    this.mark = mark;
    this.itemClosing = item.start().closing();
  }

  private enum Phase {
    BEFORE,
    OPEN,
    AFTER_ITEM
  }

  /**
   * An array.
   *
   * @param needed items that must still come
   * @param left items that may still come
   */
  private record Begun(ArrayRule rule, Phase phase, int needed, int left) implements Frame {
    @Override
    public @Nullable State step(int next, State below) {
      if (phase == Phase.BEFORE) {
        return next == '[' ? State.of(new Begun(rule, Phase.OPEN, needed, left), below) : null;
      }
      if (next == ']') {
        return needed == 0 ? below : null;
      }
      if (left == 0) {
        return null;
      }
      State around =
          State.of(new Begun(rule, Phase.AFTER_ITEM, Math.max(0, needed - 1), left - 1), below);
      if (phase == Phase.OPEN) {
        return rule.item.start().step(next, around);
      }
      return next == ',' ? State.of(new BlankFrame(rule.item), around) : null;
    }

    @Override
    public boolean mayEnd() {
      return false;
    }

    @Override
    public int closing() {
      long more = (long) needed * (rule.itemClosing + rule.mark);
      return Frame.tokens(
          switch (phase) {
            case BEFORE -> rule.mark + more + rule.mark;
            case OPEN, AFTER_ITEM -> more + rule.mark;
          });
    }

    @Override
    public Frame capped(int bytes) {
      return new Begun(rule, phase, Math.min(needed, bytes), Math.min(left, bytes));
    }
  }

  @Override
  public Frame start() {
    return new Begun(this, Phase.BEFORE, least, most);
  }
}
