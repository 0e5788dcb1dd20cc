package org.llavamed.preprocess;

import java.nio.FloatBuffer;

/**
 * A prepared picture, ready for the vision tower. Read-only: the maker hands {@code values} over.
 *
 * @param values shape [3, side, side], row-major, channels R, G, B; unit: standard deviations from
 *     the tower's channel mean
 * @param side height and width, in pixels
 */
public record PixelTensor(FloatBuffer values, int side) {
  public PixelTensor {
    long expected = 3L * side * side;
    if (side < 1 || values.remaining() != expected) {
      throw new IllegalArgumentException(
          "values holds %d numbers, expected %d = 3 x %d x %d (channels first)"
              .formatted(values.remaining(), expected, side, side));
    }
    values = values.slice().asReadOnlyBuffer();
  }

  /** Returns a read-only view with a position of its own. */
  @Override
  public FloatBuffer values() {
    return values.duplicate();
  }
}
