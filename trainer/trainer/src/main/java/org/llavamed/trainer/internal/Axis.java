package org.llavamed.trainer.internal;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** An axis of a chart: where a value lies, and which values are labelled. */
final class Axis {
  private static final int TICKS = 5;

  private final double least;
  private final double most;
  private final double from;
  private final double to;

  /**
   * Makes an axis.
   *
   * @param least value, which lies at {@code from}
   * @param most value, which lies at {@code to}; where it is no greater the axis gets some room
   */
  Axis(double least, double most, double from, double to) {
    double room = most > least ? 0 : Math.max(Math.abs(least) / 2, 0.5);
    this.least = least - room;
    this.most = most + room;
    this.from = from;
    this.to = to;
  }

  double place(double value) {
    return from + (value - least) / (most - least) * (to - from);
  }

  /** Returns round values within the axis: multiples of 1, 2 or 5 times a power of ten. */
  List<Double> ticks() {
    double apart = apart();
    var ticks = new ArrayList<Double>();
    // A multiple that is off by rounding alone lies within.
    double slack = apart * 1e-6;
    for (double i = Math.ceil((least - slack) / apart); i * apart <= most + slack; i++) {
      ticks.add(i * apart);
    }
    return ticks;
  }

  private double apart() {
    double wanted = (most - least) / TICKS;
    double power = Math.pow(10, Math.floor(Math.log10(wanted)));
    for (double factor : new double[] {1, 2, 5}) {
      if (factor * power >= wanted) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  /** Returns the value in as many digits as tell it from the next label. */
  String label(double tick) {
    double apart = apart();
    int digits =
        tick == 0 ? 1 : (int) Math.max(1, Math.round(Math.log10(Math.abs(tick) / apart)) + 2);
    BigDecimal value = new BigDecimal(tick).round(new MathContext(digits)).stripTrailingZeros();
    double size = value.abs().doubleValue();
    return size != 0 && size < 1e-6 ? value.toString() : value.toPlainString();
  }
}
