package org.llavamed.render.internal;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.llavamed.imaging.Attributes;

/** How high a pixel is, in widths of a pixel. */
final class PixelAspect {
  private static final int PIXEL_MEASURES_SEQUENCE = 0x00289110;
  private static final int PIXEL_SPACING = 0x00280030;
  private static final int[] OF_OBJECT = {
    0x00181164, // Imager Pixel Spacing
    0x00182010, // Nominal Scanned Pixel Spacing
    0x00280034 // Pixel Aspect Ratio
  };
  private static final int[] OF_DISPLAYED_AREA = {
    0x00700101, // Presentation Pixel Spacing
    0x00700102 // Presentation Pixel Aspect Ratio
  };

  /** A pixel whose sides differ by less is square: spacings are rounded. */
  private static final double SQUARE = 0.01;

  private PixelAspect() {}

  /** Returns the ratio of a frame; 1 where nothing usable is said. */
  static double of(FrameAttributes attributes) {
    OptionalDouble spacing =
        attributes
            .holder(PIXEL_MEASURES_SEQUENCE, PIXEL_SPACING)
            .map(a -> ratio(a, PIXEL_SPACING))
            .orElse(OptionalDouble.empty());
    return spacing.isPresent() ? spacing.getAsDouble() : first(attributes.object(), OF_OBJECT, 1);
  }

  /** Returns the ratio that a displayed area asks for, else the frame's. */
  static double of(Attributes displayedArea, double otherwise) {
    return first(displayedArea, OF_DISPLAYED_AREA, otherwise);
  }

  private static double first(Attributes a, int[] tags, double otherwise) {
    return IntStream.of(tags)
        .mapToObj(tag -> ratio(a, tag))
        .filter(OptionalDouble::isPresent)
        .mapToDouble(OptionalDouble::getAsDouble)
        .findFirst()
        .orElse(otherwise);
  }

  /** Vertical by horizontal; empty where one of them is missing, no number, or not above 0. */
  private static OptionalDouble ratio(Attributes a, int tag) {
    List<Double> sides = a.numbers(tag);
    if (sides.size() < 2 || !(sides.get(0) > 0) || !(sides.get(1) > 0)) {
      return OptionalDouble.empty();
    }
    double ratio = sides.get(0) / sides.get(1);
    if (!(ratio > 0) || !Double.isFinite(ratio)) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(Math.abs(ratio - 1) < SQUARE ? 1 : ratio);
  }
}
