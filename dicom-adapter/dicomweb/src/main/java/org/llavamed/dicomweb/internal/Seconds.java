package org.llavamed.dicomweb.internal;

import java.math.BigDecimal;
import java.time.Duration;

/** Durations for people. */
final class Seconds {
  private Seconds() {}

  /** Returns a number of seconds with as many decimals as it needs, at most three. */
  static String text(Duration time) {
    BigDecimal value = BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros();
    return value.toPlainString();
  }
}
