package org.llavamed.render.internal;

import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.llavamed.imaging.Rendering;

/**
 * How values of the modality become grey.
 *
 * @param rendering what is recorded
 * @param grey value of the modality to 0 to 255, not rounded
 */
record Voi(Rendering rendering, DoubleUnaryOperator grey) {
  static Voi of(Rendering.Rule rule, GreyWindow window) {
    return new Voi(new Rendering(rule, Optional.of(window.window())), window::grey);
  }

  static Voi of(Rendering.Rule rule, LookupTable table) {
    return new Voi(
        new Rendering(rule, Optional.empty()),
        value -> table.scaled((int) Math.floor(value + 0.5)));
  }

  /** The same under another name. */
  Voi as(Rendering.Rule rule) {
    return new Voi(new Rendering(rule, rendering.window()), grey);
  }
}
