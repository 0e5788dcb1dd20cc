package org.llavamed.render.internal;

import java.util.Comparator;
import java.util.List;
import org.llavamed.dicom.BitmapFont;
import org.llavamed.imaging.Attributes;

/**
 * Draws the graphic annotations of a presentation state (PS3.3 C.10.5) on the placed picture, layer
 * by layer in the layer's grey: points, polylines (interpolated ones too), circles and ellipses one
 * pixel wide or filled, and text. Line styles, text styles and compound graphics, each of which the
 * standard has a plain form of beside it, are left out.
 */
final class Graphics {
  private static final int BOUNDING_BOX_ANNOTATION_UNITS = 0x00700003;
  private static final int ANCHOR_POINT_ANNOTATION_UNITS = 0x00700004;
  private static final int GRAPHIC_ANNOTATION_UNITS = 0x00700005;
  private static final int UNFORMATTED_TEXT_VALUE = 0x00700006;
  private static final int TEXT_OBJECT_SEQUENCE = 0x00700008;
  private static final int GRAPHIC_OBJECT_SEQUENCE = 0x00700009;
  private static final int BOUNDING_BOX_TOP_LEFT = 0x00700010;
  private static final int BOUNDING_BOX_BOTTOM_RIGHT = 0x00700011;
  private static final int ANCHOR_POINT = 0x00700014;
  private static final int GRAPHIC_DATA = 0x00700022;
  private static final int GRAPHIC_TYPE = 0x00700023;
  private static final int GRAPHIC_FILLED = 0x00700024;

  private static final int CURVE_POINTS = 180;
  private static final BitmapFont FONT = BitmapFont.load();

  private final String where;
  private final Placement placement;
  private final Raster raster;
  private final int grey;

  private Graphics(String where, Placement placement, Raster raster, int grey) {
    this.where = where;
    this.placement = placement;
    this.raster = raster;
    this.grey = grey;
  }

  /**
   * Draws all annotations that apply.
   *
   * @param raster the placed picture
   * @throws org.llavamed.imaging.ImagingException if an annotation is damaged, or far too much is
   *     drawn
   */
  static void draw(PresentationState state, Placement placement, Raster raster) {
    GraphicLayers layers = GraphicLayers.of(state.top().object());
    List<? extends Attributes> items =
        state.annotations().stream()
            .sorted(Comparator.comparingInt(item -> layers.ofItem(item).order()))
            .toList();
    for (Attributes item : items) {
      Graphics layer =
          new Graphics(state.top().where(), placement, raster, layers.ofItem(item).grey());
      item.items(GRAPHIC_OBJECT_SEQUENCE).forEach(layer::graphic);
      item.items(TEXT_OBJECT_SEQUENCE).forEach(layer::text);
    }
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
    boolean display = isDisplay(a, GRAPHIC_ANNOTATION_UNITS);
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

  /** Text is upright whatever the turn; it begins at its box, else at its anchor. */
  private void text(Attributes a) {
    boolean boxed = a.numbers(BOUNDING_BOX_TOP_LEFT).size() >= 2;
    boolean display =
        isDisplay(a, boxed ? BOUNDING_BOX_ANNOTATION_UNITS : ANCHOR_POINT_ANNOTATION_UNITS);
    List<Double> corner = a.numbers(boxed ? BOUNDING_BOX_TOP_LEFT : ANCHOR_POINT);
    if (corner.size() < 2) {
      throw LookupTable.damaged(
          where, "A text has neither a bounding box (0070,0010) nor an anchor point (0070,0014)");
    }
    List<Double> opposite = boxed ? a.numbers(BOUNDING_BOX_BOTTOM_RIGHT) : corner;
    double[] one = place(corner.get(0), corner.get(1), display);
    double[] other = opposite.size() < 2 ? one : place(opposite.get(0), opposite.get(1), display);
    String[] lines = String.join("\\", a.strings(UNFORMATTED_TEXT_VALUE)).split("\r\n|\r|\n", -1);
    double height = Math.abs(one[1] - other[1]) / lines.length;
    int size = (int) Math.max(1, Math.min(raster.height(), height) / BitmapFont.HEIGHT);
    int left = (int) Math.min(one[0], other[0]);
    int top = (int) Math.min(one[1], other[1]);
    for (int i = 0; i < lines.length && top + i * size * BitmapFont.HEIGHT < raster.height(); i++) {
      line(lines[i], left, top + i * size * BitmapFont.HEIGHT, size);
    }
  }

  private void line(String text, int left, int top, int size) {
    int x = left;
    for (int character : BitmapFont.characters(text)) {
      if (x >= raster.width()) {
        return;
      }
      raster.count((long) BitmapFont.WIDTH * BitmapFont.HEIGHT * size * size);
      for (int dy = 0; dy < BitmapFont.HEIGHT * size; dy++) {
        for (int dx = 0; dx < BitmapFont.WIDTH * size; dx++) {
          if (FONT.isSet(character, dx / size, dy / size)) {
            raster.set(x + dx, top + dy, grey);
          }
        }
      }
      x += BitmapFont.WIDTH * size;
    }
  }

  private double[] place(double x, double y, boolean display) {
    return display ? new double[] {x * raster.width(), y * raster.height()} : placement.place(x, y);
  }

  private boolean isDisplay(Attributes a, int tag) {
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
