package org.llavamed.model.internal.schema;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A string: characters in UTF-8 or as JSON escapes them, lone surrogates excluded. Its length
 * counts code points.
 */
final class TextRule implements Rule {
  private static final String ESCAPES = "\"\\/bfnrt";
  private static final int SURROGATE_ESCAPE = 6;

  private final int least;
  private final int most;
  private final int quote;
  private final int filler;
  private final int continuation;
  private final int hexadecimal;

  /**
   * Makes the rule.
   *
   * @param least fewest characters
   * @param most most characters
   */
  TextRule(int least, int most, TokenTrie tokens) {
    this.least = least;
    this.most = most;
    this.quote = tokens.cost('"');
    this.filler =
        IntStream.rangeClosed(' ', '~')
            .filter(c -> c != '"' && c != '\\')
            .map(tokens::cost)
            .min()
            .orElseThrow();
    this.continuation = IntStream.range(0x80, 0xC0).map(tokens::cost).max().orElseThrow();
    this.hexadecimal = tokens.cost("0123456789abcdef\\u");
  }

  private enum Phase {
    /** Before the opening quote. */
    BEFORE,
    /** Between two characters. */
    BETWEEN,
    /** In a character of several bytes; 'value' is its first byte until the second is written. */
    CHARACTER,
    /** Behind a backslash. */
    ESCAPE,
    /** In the hexadecimal digits of an escape, of which 'value' is made. */
    DIGITS,
    /** Before the backslash, and before the u, of the escape of a low surrogate. */
    LOW_BACKSLASH,
    LOW_U,
    /** In the hexadecimal digits of a low surrogate, of which 'value' is made. */
    LOW_DIGITS
  }

  /**
   * A string.
   *
   * @param needed characters that must still be begun
   * @param left characters that may still be begun
   * @param pending bytes or digits that end the character
   */
  private record Begun(TextRule rule, Phase phase, int needed, int left, int pending, int value)
      implements Frame {
    @Override
    public @Nullable State step(int next, State below) {
      if (phase == Phase.BETWEEN && next == '"') {
        return needed == 0 ? below : null;
      }
      Begun after =
          switch (phase) {
            case BEFORE -> next == '"' ? to(Phase.BETWEEN, 0, 0) : null;
            case BETWEEN -> left == 0 ? null : character(next);
            case CHARACTER -> continuation(next);
            case ESCAPE -> escape(next);
            case DIGITS, LOW_DIGITS -> digit(Character.digit(next, 16));
            case LOW_BACKSLASH -> next == '\\' ? to(Phase.LOW_U, 0, 0) : null;
            case LOW_U -> next == 'u' ? to(Phase.LOW_DIGITS, 4, 0) : null;
          };
      return after == null ? null : State.of(after, below);
    }

    private Begun to(Phase newPhase, int newPending, int newValue) {
      return new Begun(rule, newPhase, needed, left, newPending, newValue);
    }

    private @Nullable Begun character(int first) {
      Begun begun = new Begun(rule, phase, Math.max(0, needed - 1), left - 1, 0, 0);
      if (first == '\\') {
        return begun.to(Phase.ESCAPE, 0, 0);
      }
      if (first < 0x80) {
        return first < ' ' ? null : begun;
      }
      if (first < 0xC2 || first > 0xF4) {
        return null;
      }
      return begun.to(Phase.CHARACTER, first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3, first);
    }

    /** The second byte of some first ones has bounds: no longer form, no surrogate, no end. */
    private @Nullable Begun continuation(int next) {
      int from =
          switch (value) {
            case 0xE0 -> 0xA0;
            case 0xF0 -> 0x90;
            default -> 0x80;
          };
      int to =
          switch (value) {
            case 0xED -> 0x9F;
            case 0xF4 -> 0x8F;
            default -> 0xBF;
          };
      if (next < from || next > to) {
        return null;
      }
      return to(pending == 1 ? Phase.BETWEEN : phase, pending - 1, 0);
    }

    private @Nullable Begun escape(int next) {
      if (next == 'u') {
        return to(Phase.DIGITS, 4, 0);
      }
      return ESCAPES.indexOf(next) < 0 ? null : to(Phase.BETWEEN, 0, 0);
    }

    private @Nullable Begun digit(int digit) {
      int number = 16 * value + digit;
      boolean low = pending == 3 ? number >= 0xDC && number <= 0xDF : phase == Phase.LOW_DIGITS;
      boolean lowFits = pending != 4 || digit == 0xD;
      if (digit < 0 || low != (phase == Phase.LOW_DIGITS) || (low && !lowFits)) {
        return null;
      }
      if (pending > 1) {
        return to(phase, pending - 1, number);
      }
      boolean high = phase == Phase.DIGITS && number >= 0xD800 && number <= 0xDBFF;
      return to(high ? Phase.LOW_BACKSLASH : Phase.BETWEEN, 0, 0);
    }

    @Override
    public boolean mayEnd() {
      return false;
    }

    @Override
    public int closing() {
      long rest = (long) needed * rule.filler + rule.quote;
      return Frame.tokens(
          switch (phase) {
            case BEFORE -> rule.quote + rest;
            case BETWEEN -> rest;
            case CHARACTER -> (long) pending * rule.continuation + rest;
            case ESCAPE -> rule.quote + rest;
            case DIGITS -> (pending + surrogate()) * rule.hexadecimal + rest;
            case LOW_BACKSLASH -> (long) SURROGATE_ESCAPE * rule.hexadecimal + rest;
            case LOW_U -> (SURROGATE_ESCAPE - 1L) * rule.hexadecimal + rest;
            case LOW_DIGITS -> (long) pending * rule.hexadecimal + rest;
          });
    }

    /** Returns the characters of a low surrogate's escape where a high one is begun for sure. */
    private long surrogate() {
      boolean high =
          (pending == 2 && value >= 0xD8 && value <= 0xDB)
              || (pending == 1 && value >= 0xD80 && value <= 0xDBF);
      return high ? SURROGATE_ESCAPE : 0;
    }

    @Override
    public Frame capped(int bytes) {
      return new Begun(rule, phase, Math.min(needed, bytes), Math.min(left, bytes), pending, value);
    }
  }

  @Override
  public Frame start() {
    return new Begun(this, Phase.BEFORE, least, most, 0, 0);
  }
}
