package org.llavamed.model.internal.schema;

import org.jspecify.annotations.Nullable;

/**
 * A number without exponent. Bounds count in the last digit that it may have: with a scale of 6,
 * 1.5 is 1,500,000.
 */
final class NumberRule implements Rule {
  private final int digits;
  private final int scale;
  private final long least;
  private final long most;
  private final int digit;
  private final int point;
  private final int minus;
  private final boolean free;

  /**
   * Makes the rule.
   *
   * @param range its digits and bounds
   */
  NumberRule(Schema.Numeric range, TokenTrie tokens) {
    this.digits = range.digits();
    this.scale = range.scale();
    this.least = range.least();
    this.most = range.most();
    this.digit = tokens.cost("0123456789");
    this.point = tokens.cost('.');
    this.minus = tokens.cost('-');
    long largest = power(digits + scale) - 1;
    this.free = least <= -largest && most >= largest;
  }

  private static long power(int exponent) {
    long power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= 10;
    }
    return power;
  }

  private enum Phase {
    BEFORE,
    BEHIND_MINUS,
    /** Behind a leading zero. */
    ZERO,
    WHOLE,
    POINT,
    FRACTION
  }

  /**
   * A number.
   *
   * @param value of its digits; 0 where there are no bounds
   * @param whole digits before the point
   * @param fraction digits behind the point
   */
  private record Begun(
      NumberRule rule, Phase phase, boolean negative, long value, int whole, int fraction)
      implements Frame {
    @Override
    public @Nullable State step(int next, State below) {
      Begun after = next >= '0' && next <= '9' ? digit(next - '0') : sign(next);
      return after == null || !after.possible() ? null : State.of(after, below);
    }

    private @Nullable Begun sign(int next) {
      if (next == '-' && phase == Phase.BEFORE && rule.least < 0) {
        return new Begun(rule, Phase.BEHIND_MINUS, true, 0, 0, 0);
      }
      boolean behindWhole = phase == Phase.ZERO || phase == Phase.WHOLE;
      return next == '.' && behindWhole && rule.scale > 0
          ? new Begun(rule, Phase.POINT, negative, value, whole, 0)
          : null;
    }

    private @Nullable Begun digit(int next) {
      long number = rule.free ? 0 : 10 * value + next;
      return switch (phase) {
        case BEFORE, BEHIND_MINUS ->
            new Begun(rule, next == 0 ? Phase.ZERO : Phase.WHOLE, negative, number, 1, 0);
        case ZERO -> null;
        case WHOLE ->
            whole == rule.digits ? null : new Begun(rule, phase, negative, number, whole + 1, 0);
        case POINT, FRACTION ->
            fraction == rule.scale
                ? null
                : new Begun(rule, Phase.FRACTION, negative, number, whole, fraction + 1);
      };
    }

    /** Returns whether some number within the bounds begins like this. */
    private boolean possible() {
      return closingDigits() < Frame.NEVER;
    }

    @Override
    public boolean mayEnd() {
      boolean behindDigit = phase == Phase.ZERO || phase == Phase.WHOLE || phase == Phase.FRACTION;
      return behindDigit && (rule.free || reaches(0, 0));
    }

    @Override
    public int closing() {
      return mayEnd() ? 0 : closingDigits();
    }

    /** Returns the fewest characters that complete the number, in tokens. */
    private int closingDigits() {
      if (phase == Phase.BEFORE) {
        int negatives =
            rule.least < 0
                ? Frame.tokens(
                    (long) rule.minus
                        + new Begun(rule, Phase.BEHIND_MINUS, true, 0, 0, 0).closingDigits())
                : Frame.NEVER;
        return Math.min(
            negatives, new Begun(rule, Phase.BEHIND_MINUS, false, 0, 0, 0).closingDigits());
      }
      if (rule.free) {
        return whole == 0 || phase == Phase.POINT ? rule.digit : 0;
      }
      int least = Frame.NEVER;
      for (int more = moreWhole(); more >= 0; more--) {
        for (int behind = rule.scale - fraction; behind >= 0; behind--) {
          if (reaches(more, behind)) {
            least = Math.min(least, cost(more, behind));
          }
        }
      }
      return least;
    }

    private int moreWhole() {
      return switch (phase) {
        case BEFORE, BEHIND_MINUS, WHOLE -> rule.digits - whole;
        case ZERO, POINT, FRACTION -> 0;
      };
    }

    private int cost(int more, int behind) {
      boolean lacksWhole = whole == 0 && more == 0;
      boolean lacksFraction = phase == Phase.POINT && behind == 0;
      if (lacksWhole || lacksFraction) {
        return Frame.NEVER;
      }
      boolean pointed = phase == Phase.POINT || phase == Phase.FRACTION;
      long marks = behind > 0 && !pointed ? rule.point : 0;
      return Frame.tokens(marks + (long) (more + behind) * rule.digit);
    }

    /** Returns whether so many more digits before and behind the point reach a number in bounds. */
    private boolean reaches(int more, int behind) {
      long unit = power(rule.scale - fraction - behind);
      long first = value * power(more + rule.scale - fraction);
      long last = (value + 1) * power(more + rule.scale - fraction) - 1;
      long from = Math.max(first, negative ? -rule.most : rule.least);
      long to = Math.min(last, negative ? -rule.least : rule.most);
      return from <= to && Math.floorDiv(to, unit) * unit >= from;
    }
  }

  @Override
  public Frame start() {
    return new Begun(this, Phase.BEFORE, false, 0, 0, 0);
  }
}
