package org.llavamed.trainer.internal;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A chart of curves over steps, as an SVG element.
 *
 * @param title what is shown, with its unit
 * @param fromZero whether the axis of values begins at 0
 * @param curves in the order in which they are drawn; at most {@value #MOST_CURVES}
 */
record Chart(String title, boolean fromZero, List<Curve> curves) {
  private static final int MOST_CURVES = 4;
  private static final int WIDTH = 640;
  private static final int HEIGHT = 260;
  private static final int LEFT = 64;
  private static final int RIGHT = 12;
  private static final int TOP = 34;
  private static final int BOTTOM = 36;

  /** More points than pixels show nothing more: neighbours are averaged. */
  private static final int MOST_POINTS = 500;

  /** Blue, vermilion, green, purple: told apart by the colour-blind too. */
  private static final List<String> COLOURS = List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7");

  /** A place in a chart. */
  record Point(double x, double y) {}

  /**
   * A line through points.
   *
   * @param name as the legend shows it
   * @param points in the order of their steps; those that are no finite numbers are left out
   */
  record Curve(String name, List<Point> points) {
    Curve {
      points = points.stream().filter(point -> Double.isFinite(point.y())).toList();
    }
  }

  Chart {
    curves = curves.stream().filter(curve -> !curve.points().isEmpty()).toList();
    if (curves.size() > MOST_CURVES) {
      throw new IllegalArgumentException(
          "%d curves, expected at most %d".formatted(curves.size(), MOST_CURVES));
    }
  }

  /** Returns whether there is nothing to draw. */
  boolean isEmpty() {
    return curves.isEmpty();
  }

  /** Returns the SVG element. */
  String svg() {
    DoubleSummaryStatistics steps = range(Point::x);
    DoubleSummaryStatistics values = range(Point::y);
    Axis x = new Axis(steps.getMin(), steps.getMax(), LEFT, WIDTH - RIGHT);
    double least = fromZero ? Math.min(0, values.getMin()) : values.getMin();
    Axis y = new Axis(least, values.getMax(), HEIGHT - BOTTOM, TOP);
    var svg = new StringBuilder();
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n"
            .formatted(WIDTH, HEIGHT, Html.escape(title)));
    text(svg, LEFT, 18, "start", "title", title);
    for (double tick : y.ticks()) {
      line(svg, LEFT, y.place(tick), WIDTH - RIGHT, y.place(tick));
      text(svg, LEFT - 6, y.place(tick) + 4, "end", "tick", y.label(tick));
    }
    for (double tick : x.ticks()) {
      text(svg, x.place(tick), HEIGHT - BOTTOM + 16, "middle", "tick", x.label(tick));
    }
    text(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 4, "middle", "tick", "step");
    for (int i = 0; i < curves.size(); i++) {
      curve(svg, curves.get(i), COLOURS.get(i), x, y);
    }
    legend(svg);
    return svg.append("</svg>\n").toString();
  }

  private DoubleSummaryStatistics range(ToDoubleFunction<Point> value) {
    return curves.stream()
        .flatMap(curve -> curve.points().stream())
        .mapToDouble(value)
        .summaryStatistics();
  }

  private static void curve(StringBuilder svg, Curve curve, String colour, Axis x, Axis y) {
    List<Point> points = thinned(curve.points());
    if (points.size() == 1) {
      svg.append(
          "<circle cx=\"%s\" cy=\"%s\" r=\"3\" fill=\"%s\"/>\n"
              .formatted(at(x.place(points.get(0).x())), at(y.place(points.get(0).y())), colour));
      return;
    }
    svg.append("<polyline fill=\"none\" stroke=\"%s\" points=\"".formatted(colour));
    for (Point point : points) {
      svg.append(at(x.place(point.x()))).append(',').append(at(y.place(point.y()))).append(' ');
    }
    svg.setLength(svg.length() - 1);
    svg.append("\"/>\n");
  }

  /** Returns at most {@value #MOST_POINTS} points, means of equally many neighbours. */
  static List<Point> thinned(List<Point> points) {
    int each = (points.size() + MOST_POINTS - 1) / MOST_POINTS;
    if (each <= 1) {
      return points;
    }
    var means = new ArrayList<Point>();
    for (int i = 0; i < points.size(); i += each) {
      List<Point> some = points.subList(i, Math.min(points.size(), i + each));
      means.add(
          new Point(
              some.stream().mapToDouble(Point::x).average().orElseThrow(),
              some.stream().mapToDouble(Point::y).average().orElseThrow()));
    }
    return means;
  }

  private void legend(StringBuilder svg) {
    double x = WIDTH - RIGHT;
    for (int i = curves.size() - 1; i >= 0; i--) {
      String name = curves.get(i).name();
      svg.append(
          "<text x=\"%s\" y=\"18\" text-anchor=\"end\" class=\"tick\" fill=\"%s\">%s</text>\n"
              .formatted(at(x), COLOURS.get(i), Html.escape(name)));
      x -= 7.0 * name.length() + 16;
    }
  }

  private static void line(StringBuilder svg, double x1, double y1, double x2, double y2) {
    svg.append(
        "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>\n"
            .formatted(at(x1), at(y1), at(x2), at(y2)));
  }

  private static void text(
      StringBuilder svg, double x, double y, String anchor, String type, String text) {
    svg.append(
        "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" class=\"%s\">%s</text>\n"
            .formatted(at(x), at(y), anchor, type, Html.escape(text)));
  }

  private static String at(double pixels) {
    return String.format(Locale.ROOT, "%.1f", pixels);
  }
}
