package org.llavamed.model.internal.schema;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/** Reads what bounds a number. */
final class Bounds {
  private Bounds() {}

  /**
   * Returns the numbers that a schema allows.
   *
   * @param digits most before the point
   * @param scale most behind the point
   */
  static Schema.Numeric of(Place place, int digits, int scale) {
    BigDecimal largest = BigDecimal.TEN.pow(digits + scale).subtract(BigDecimal.ONE);
    BigDecimal least = largest.negate();
    BigDecimal most = largest;
    Optional<BigDecimal> minimum = scaled(place, "minimum", scale);
    Optional<BigDecimal> maximum = scaled(place, "maximum", scale);
    Optional<BigDecimal> above = scaled(place, "exclusiveMinimum", scale);
    Optional<BigDecimal> below = scaled(place, "exclusiveMaximum", scale);
    if (minimum.isPresent()) {
      least = least.max(minimum.get().setScale(0, RoundingMode.CEILING));
    }
    if (above.isPresent()) {
      least = least.max(above.get().setScale(0, RoundingMode.FLOOR).add(BigDecimal.ONE));
    }
    if (maximum.isPresent()) {
      most = most.min(maximum.get().setScale(0, RoundingMode.FLOOR));
    }
    if (below.isPresent()) {
      most = most.min(below.get().setScale(0, RoundingMode.CEILING).subtract(BigDecimal.ONE));
    }
    if (least.compareTo(most) > 0) {
      throw place.invalid(
          "no number of at most %d digits before and %d behind the point is within its bounds"
              .formatted(digits, scale),
          "Write other bounds");
    }
    return new Schema.Numeric(digits, scale, least.longValueExact(), most.longValueExact());
  }

  private static Optional<BigDecimal> scaled(Place place, String keyword, int scale) {
    return place.number(keyword).map(number -> number.movePointRight(scale));
  }
}
