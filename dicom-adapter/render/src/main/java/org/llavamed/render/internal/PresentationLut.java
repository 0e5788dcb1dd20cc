package org.llavamed.render.internal;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llavamed.imaging.Attributes;

/**
 * Grey of the VOI to grey of the picture (PS3.3 C.11.4, C.11.6): Presentation LUT Sequence, or
 * Presentation LUT Shape.
 *
 * @param table the table, over the whole range of grey, where there is one
 * @param inverted whether black and white change places, after the table
 */
record PresentationLut(@Nullable LookupTable table, boolean inverted) {
  private static final int PRESENTATION_LUT_SEQUENCE = 0x20500010;
  private static final int PRESENTATION_LUT_SHAPE = 0x20500020;

  private static final double WHITE = 255;

  /** Keeps whole numbers whole that a division has brought just below. */
  private static final double EPSILON = 1e-9;

  /**
   * Reads it.
   *
   * @param monochrome1 whether the lowest value is white; a presentation state is not asked, it
   *     says so itself
   */
  static PresentationLut of(FrameAttributes attributes, boolean monochrome1) {
    Attributes a = attributes.object();
    Optional<LookupTable> table =
        LookupTable.first(attributes.where(), a, PRESENTATION_LUT_SEQUENCE, false);
    if (table.isPresent()) {
      return new PresentationLut(table.get(), monochrome1);
    }
    boolean inverse = a.string(PRESENTATION_LUT_SHAPE).orElse("").equals("INVERSE");
    return new PresentationLut(null, monochrome1 || inverse);
  }

  /** Returns the grey of the picture, 0 to 255, rounded. */
  int apply(double grey) {
    double shown = grey;
    if (table != null) {
      int entries = table.entries().limit();
      shown = table.scaled(table.first() + (int) (grey / WHITE * (entries - 1) + EPSILON));
    }
    int rounded = (int) (shown + 0.5);
    return inverted ? (int) WHITE - rounded : rounded;
  }
}
