package org.llavamed.render.internal;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.llavamed.imaging.Attributes;

/**
 * The shutters of a presentation state (PS3.3 C.7.6.11, C.7.6.15): rectangle, circle and polygon,
 * whose edges stay visible, and a bitmap overlay, whose set bits are hidden. What any of them hides
 * takes Shutter Presentation Value.
 */
final class Shutters {
  private static final int SHAPE = 0x00181600;
  private static final int LEFT_VERTICAL_EDGE = 0x00181602;
  private static final int RIGHT_VERTICAL_EDGE = 0x00181604;
  private static final int UPPER_HORIZONTAL_EDGE = 0x00181606;
  private static final int LOWER_HORIZONTAL_EDGE = 0x00181608;
  private static final int CENTER_OF_CIRCULAR_SHUTTER = 0x00181610;
  private static final int RADIUS_OF_CIRCULAR_SHUTTER = 0x00181612;
  private static final int VERTICES_OF_POLYGONAL_SHUTTER = 0x00181620;
  private static final int PRESENTATION_VALUE = 0x00181622;
  private static final int OVERLAY_GROUP = 0x00181623;

  private final String where;
  private final Attributes a;
  private final Raster raster;
  private final int value;

  private Shutters(PresentationState state, Raster raster) {
    where = state.top().where();
    a = state.top().object();
    this.raster = raster;
    value = GraphicLayers.grey(a.integer(PRESENTATION_VALUE).orElse(0));
  }

  /**
   * Puts the shutters of a state on a picture in its stored orientation.
   *
   * @param overlays the state's overlays
   */
  static void close(PresentationState state, List<OverlayPlane> overlays, Raster raster) {
    Shutters shutters = new Shutters(state, raster);
    for (String shape : new LinkedHashSet<>(shutters.a.strings(SHAPE))) {
      switch (shape) {
        case "RECTANGULAR" -> shutters.rectangle();
        case "CIRCULAR" -> shutters.circle();
        case "POLYGONAL" -> shutters.polygon();
        case "BITMAP" -> shutters.bitmap(overlays);
        default ->
            throw LookupTable.damaged(
                shutters.where,
                "Shutter Shape (0018,1600) is '%s', expected RECTANGULAR, CIRCULAR, POLYGONAL or BITMAP"
                    .formatted(shape));
      }
    }
  }

  /** Returns the group of the overlay that is a shutter. */
  static Optional<Integer> bitmapGroup(Attributes state) {
    boolean bitmap = state.strings(SHAPE).contains("BITMAP");
    return bitmap && state.integer(OVERLAY_GROUP).isPresent()
        ? Optional.of(state.integer(OVERLAY_GROUP).getAsInt())
        : Optional.empty();
  }

  private void rectangle() {
    double left = required(LEFT_VERTICAL_EDGE, 1).get(0);
    double right = required(RIGHT_VERTICAL_EDGE, 1).get(0);
    double upper = required(UPPER_HORIZONTAL_EDGE, 1).get(0);
    double lower = required(LOWER_HORIZONTAL_EDGE, 1).get(0);
    hide((x, y) -> x >= left && x <= right && y >= upper && y <= lower);
  }

  private void circle() {
    List<Double> center = required(CENTER_OF_CIRCULAR_SHUTTER, 2);
    double radius = required(RADIUS_OF_CIRCULAR_SHUTTER, 1).get(0);
    hide((x, y) -> Math.hypot(x - center.get(1), y - center.get(0)) <= radius);
  }

  private void polygon() {
    List<Double> vertices = required(VERTICES_OF_POLYGONAL_SHUTTER, 6);
    int count = vertices.size() / 2;
    double[] points = new double[2 * count + 2];
    for (int i = 0; i <= count; i++) {
      points[2 * i] = vertices.get(2 * (i % count) + 1) - 0.5;
      points[2 * i + 1] = vertices.get(2 * (i % count)) - 0.5;
    }
    Raster open = Raster.blank(where, raster.width(), raster.height());
    open.fill(points, 1);
    open.lines(points, 1);
    hide((x, y) -> open.get(x - 1, y - 1) != 0);
  }

  private void bitmap(List<OverlayPlane> overlays) {
    int group = bitmapGroup(a).orElse(0);
    OverlayPlane plane =
        overlays.stream()
            .filter(overlay -> overlay.group() == group)
            .findFirst()
            .orElseThrow(
                () ->
                    LookupTable.damaged(
                        where,
                        "Shutter Overlay Group (0018,1623) is %04X, which the state has no overlay of"
                            .formatted(group)));
    plane.draw(raster, value);
  }

  /** Whether a pixel, its column and row counted from 1, stays visible. */
  private interface Opening {
    boolean contains(int column, int row);
  }

  private void hide(Opening opening) {
    for (int y = 0; y < raster.height(); y++) {
      for (int x = 0; x < raster.width(); x++) {
        if (!opening.contains(x + 1, y + 1)) {
          raster.set(x, y, value);
        }
      }
    }
  }

  private List<Double> required(int tag, int count) {
    List<Double> values = a.numbers(tag);
    if (values.size() < count) {
      throw LookupTable.damaged(
          where,
          "The shutter has %d values in %s, expected at least %d"
              .formatted(values.size(), LookupTable.name(tag), count));
    }
    return values;
  }
}
