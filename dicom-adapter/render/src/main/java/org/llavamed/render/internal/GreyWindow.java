package org.llavamed.render.internal;

import java.util.Locale;
import org.llavamed.imaging.Rendering;

/**
 * A window and the function that it is applied with (PS3.3 C.11.2.1.2 and C.11.2.1.3).
 *
 * @param center in units after the modality transformation
 * @param width in the same units
 */
record GreyWindow(double center, double width, Function function) {
  /** VOI LUT Function (0028,1056). */
  enum Function {
    LINEAR,
    LINEAR_EXACT,
    SIGMOID;

    /** Returns the function of a name; LINEAR, the standard's default, for any other. */
    static Function of(String name) {
      return switch (name.toUpperCase(Locale.ROOT)) {
        case "LINEAR_EXACT" -> LINEAR_EXACT;
        case "SIGMOID" -> SIGMOID;
        default -> LINEAR;
      };
    }
  }

  private static final double WHITE = 255;

  /** Returns the window from which {@code low} and below is black, {@code high} and above white. */
  static GreyWindow between(double low, double high) {
    double width = high - low;
    return width > 0
        ? new GreyWindow(low + width / 2, width, Function.LINEAR_EXACT)
        : new GreyWindow(low + 0.5, 1, Function.LINEAR_EXACT);
  }

  /** Returns whether the standard allows it: numbers, width at least 1 for LINEAR, else above 0. */
  boolean usable() {
    return Double.isFinite(center)
        && Double.isFinite(width)
        && (function == Function.LINEAR ? width >= 1 : width > 0);
  }

  /** Returns the grey value, 0 to 255, not rounded; 0 for what is no number. */
  double grey(double value) {
    if (Double.isNaN(value)) {
      return 0;
    }
    return switch (function) {
      case LINEAR -> ramp(value, center - 0.5, width - 1);
      case LINEAR_EXACT -> ramp(value, center, width);
      case SIGMOID -> WHITE / (1 + Math.exp(-4 * (value - center) / width));
    };
  }

  private static double ramp(double value, double middle, double width) {
    if (value <= middle - width / 2) {
      return 0;
    }
    return value > middle + width / 2 ? WHITE : ((value - middle) / width + 0.5) * WHITE;
  }

  Rendering.Window window() {
    return new Rendering.Window(center, width);
  }
}
