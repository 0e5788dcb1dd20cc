package org.llavamed.render.internal;

import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.SampleType;

/**
 * Stored values that fill the space outside the picture (PS3.3 C.7.5.1.1.2): Pixel Padding Value
 * and, where there is one, Range Limit.
 *
 * @param low lowest of them
 * @param high highest; below {@code low} where there is no padding
 */
record Padding(double low, double high) {
  /** No padding. */
  static final Padding NONE = new Padding(1, 0);

  private static final int[] VALUES = {0x00280120, 0x00280122, 0x00280123};
  private static final int[] LIMITS = {0x00280121, 0x00280124, 0x00280125};

  static Padding of(Attributes a, SampleType type) {
    OptionalDouble value = first(a, VALUES, type);
    if (value.isEmpty()) {
      return NONE;
    }
    double limit = first(a, LIMITS, type).orElse(value.getAsDouble());
    return new Padding(Math.min(value.getAsDouble(), limit), Math.max(value.getAsDouble(), limit));
  }

  private static OptionalDouble first(Attributes a, int[] tags, SampleType type) {
    return IntStream.of(tags)
        .mapToObj(a::number)
        .filter(OptionalDouble::isPresent)
        .findFirst()
        .map(value -> OptionalDouble.of(signed(value.getAsDouble(), type)))
        .orElse(OptionalDouble.empty());
  }

  /** The value has the sign of the pixels, which an implicit VR does not show. */
  private static double signed(double value, SampleType type) {
    boolean signed = type == SampleType.INT8 || type == SampleType.INT16;
    return signed && value > Short.MAX_VALUE ? (short) (int) value : value;
  }

  boolean contains(double stored) {
    return stored >= low && stored <= high;
  }
}
