package org.llavamed.render.internal;

import java.util.Comparator;
import java.util.List;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.Picture;

/**
 * Draws the graphic annotations of a presentation state (PS3.3 C.10.5) on the placed picture, layer
 * by layer in the layer's grey: points, polylines (interpolated ones too), circles and ellipses one
 * pixel wide or filled, and text, as {@link TextBox} writes it. Line styles, text styles and
 * compound graphics, each of which the standard has a plain form of beside it, are left out.
 */
final class Graphics {
  private static final int GRAPHIC_ANNOTATION_UNITS = 0x00700005;
  private static final int TEXT_OBJECT_SEQUENCE = 0x00700008;
  private static final int GRAPHIC_OBJECT_SEQUENCE = 0x00700009;
  private static final int GRAPHIC_DATA = 0x00700022;
  private static final int GRAPHIC_TYPE = 0x00700023;
  private static final int GRAPHIC_FILLED = 0x00700024;

  private static final int CURVE_POINTS = 180;

  private final String where;
  private final Placement placement;
  private final Raster raster;
  private final int factor;
  private final int grey;

  private Graphics(PresentationState state, Placement placement, Raster raster, int grey) {
    this.where = state.top().where();
    this.placement = placement;
    this.raster = raster;
    this.factor = raster.width() / placement.width();
    this.grey = grey;
  }

  /**
   * Draws all annotations that apply.
   *
   * @param picture the placed picture
   * @return the picture with them; enlarged by a whole number where a text needs it
   * @throws org.llavamed.imaging.ImagingException if an annotation is damaged, or far too much is
   *     drawn
   */
  static Picture drawn(PresentationState state, Placement placement, Picture picture) {
    GraphicLayers layers = GraphicLayers.of(state.top().object());
    List<? extends Attributes> items =
        state.annotations().stream()
            .sorted(Comparator.comparingInt(item -> layers.ofItem(item).order()))
            .toList();
    int factor = 1;
    for (Attributes item : items) {
      for (Attributes text : item.items(TEXT_OBJECT_SEQUENCE)) {
        factor = TextBox.of(state, placement, text).factor(placement, factor);
      }
    }
    Raster raster = Raster.of(state.top().where(), picture, factor);
    for (Attributes item : items) {
      int grey = layers.ofItem(item).grey();
      Graphics layer = new Graphics(state, placement, raster, grey);
      item.items(GRAPHIC_OBJECT_SEQUENCE).forEach(layer::graphic);
      for (Attributes text : item.items(TEXT_OBJECT_SEQUENCE)) {
        TextBox.of(state, placement, text).draw(raster, layer.factor, grey);
      }
    }
    return raster.picture();
  }

  private void graphic(Attributes a) {
    String type = a.string(GRAPHIC_TYPE).orElse("");
    double[] data = data(a);
    double[] points =
        switch (type) {
          case "POINT" -> require(data, 1);
          case "POLYLINE", "INTERPOLATED" -> require(data, 2);
          case "CIRCLE" -> circle(require(data, 2));
          case "ELLIPSE" -> ellipse(require(data, 4));
          default ->
              throw LookupTable.damaged(
                  where,
                  ("Graphic Type (0070,0023) is '%s', expected POINT, POLYLINE, INTERPOLATED,"
                          + " CIRCLE or ELLIPSE")
                      .formatted(type));
        };
    boolean display = isDisplay(where, a, GRAPHIC_ANNOTATION_UNITS);
    for (int i = 0; i + 1 < points.length; i += 2) {
      double[] placed = place(points[i], points[i + 1], display);
      points[i] = placed[0];
      points[i + 1] = placed[1];
    }
    if (type.equals("POINT")) {
      dot(points);
    } else {
      if (a.string(GRAPHIC_FILLED).orElse("N").equals("Y")) {
        raster.fill(points, grey);
      }
      raster.lines(points, grey);
    }
  }

  /** A cross of five pixels: a single one is not seen. */
  private void dot(double[] point) {
    double x = point[0];
    double y = point[1];
    raster.lines(new double[] {x - 2, y, x + 2, y}, grey);
    raster.lines(new double[] {x, y - 2, x, y + 2}, grey);
  }

  /** Centre and a point of the circumference. */
  private static double[] circle(double[] data) {
    double dx = data[2] - data[0];
    double dy = data[3] - data[1];
    return curve(data[0], data[1], new double[] {dx, dy, -dy, dx});
  }

  /** The ends of the major axis, then those of the minor one. */
  private static double[] ellipse(double[] data) {
    double[] axes = {
      (data[2] - data[0]) / 2, (data[3] - data[1]) / 2,
      (data[6] - data[4]) / 2, (data[7] - data[5]) / 2
    };
    return curve((data[0] + data[2]) / 2, (data[1] + data[3]) / 2, axes);
  }

  private static double[] curve(double x, double y, double[] axes) {
    double[] points = new double[2 * CURVE_POINTS + 2];
    for (int i = 0; i <= CURVE_POINTS; i++) {
      double angle = 2 * Math.PI * i / CURVE_POINTS;
      points[2 * i] = x + Math.cos(angle) * axes[0] + Math.sin(angle) * axes[2];
      points[2 * i + 1] = y + Math.cos(angle) * axes[1] + Math.sin(angle) * axes[3];
    }
    return points;
  }

  private double[] place(double x, double y, boolean display) {
    if (display) {
      return new double[] {x * raster.width(), y * raster.height()};
    }
    double[] placed = placement.place(x, y);
    return new double[] {placed[0] * factor, placed[1] * factor};
  }

  static boolean isDisplay(String where, Attributes a, int tag) {
    String units = a.string(tag).orElse("PIXEL");
    if (!units.equals("PIXEL") && !units.equals("DISPLAY")) {
      throw LookupTable.damaged(
          where,
          "Annotation Units %s are '%s', expected PIXEL or DISPLAY"
              .formatted(LookupTable.name(tag), units));
    }
    return units.equals("DISPLAY");
  }

  private static double[] data(Attributes a) {
    return a.numbers(GRAPHIC_DATA).stream().mapToDouble(Double::doubleValue).toArray();
  }

  private double[] require(double[] data, int points) {
    if (data.length < 2 * points || data.length % 2 != 0) {
      throw LookupTable.damaged(
          where,
          "Graphic Data (0070,0022) has %d numbers, expected two for each of at least %d points"
              .formatted(data.length, points));
    }
    return data;
  }
}
