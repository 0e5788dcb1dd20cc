package org.llavamed.evaluation.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.llavamed.evaluation.internal.VqaReport.Scored;
import org.llavamed.evaluation.internal.VqaReport.Versus;

/** An evaluation as tables for people. */
final class VqaGrids {
  /** The scores that tables with many rows show. */
  private static final List<Metric> SHOWN =
      List.of(Metric.CLOSED_EXACT, Metric.OPEN_F1, Metric.CLOSED_ACCURACY, Metric.OPEN_RECALL);

  /** The scores whose differences they show. */
  private static final List<Metric> COMPARED = List.of(Metric.CLOSED_EXACT, Metric.OPEN_F1);

  private static final String NONE = "-";

  private VqaGrids() {}

  /** Returns the tables; those that would be empty are left out. */
  static List<Grid> of(VqaReport report) {
    List<Grid> grids = new ArrayList<>();
    grids.add(scores(report.all()));
    grids.add(groups("By question type", report.questionTypes()));
    grids.add(groups("By organ", report.organs()));
    List<List<String>> controls = new ArrayList<>();
    report.controls().forEach((name, one) -> controls.add(row(name.toString(), one)));
    grids.add(
        versus("Controls, and by how much the answers are better (* 0 is outside)", controls));
    List<List<String>> others = new ArrayList<>();
    report.comparisons().forEach((name, one) -> others.add(row(name, one)));
    grids.add(versus("Other answers, and by how much these are better (* 0 is outside)", others));
    return grids.stream().filter(grid -> !grid.rows().isEmpty()).toList();
  }

  private static Grid scores(Scored all) {
    List<List<String>> rows = new ArrayList<>();
    all.scores()
        .forEach(
            (metric, one) ->
                rows.add(
                    List.of(
                        metric.label(),
                        percent(one.value()),
                        percent(one.low()) + " to " + percent(one.high()))));
    return new Grid(
        "Scores in percent, of %d closed and %d open questions".formatted(all.closed(), all.open()),
        List.of("score", "%", "95 %"),
        rows);
  }

  private static Grid groups(String title, Map<String, Scored> groups) {
    List<String> header = new ArrayList<>(List.of("", "closed", "open"));
    SHOWN.forEach(metric -> header.add(metric.label()));
    List<List<String>> rows = new ArrayList<>();
    groups.forEach(
        (name, one) -> {
          List<String> row =
              new ArrayList<>(
                  List.of(name, Long.toString(one.closed()), Long.toString(one.open())));
          SHOWN.forEach(
              metric -> {
                Interval interval = one.scores().get(metric);
                row.add(
                    interval == null
                        ? NONE
                        : "%s (%s to %s)"
                            .formatted(
                                percent(interval.value()),
                                percent(interval.low()),
                                percent(interval.high())));
              });
          rows.add(row);
        });
    return new Grid(title, header, rows);
  }

  private static Grid versus(String title, List<List<String>> rows) {
    List<String> header = new ArrayList<>(List.of("", "questions"));
    SHOWN.forEach(metric -> header.add(metric.label()));
    COMPARED.forEach(metric -> header.add("better in " + metric.label()));
    return new Grid(title, header, rows);
  }

  private static List<String> row(String name, Versus versus) {
    List<String> row = new ArrayList<>(List.of(name, Integer.toString(versus.questions())));
    SHOWN.forEach(
        metric -> {
          Double value = versus.scores().get(metric);
          row.add(value == null ? NONE : percent(value));
        });
    COMPARED.forEach(
        metric -> {
          Interval interval = versus.better().get(metric);
          row.add(interval == null ? NONE : difference(interval));
        });
    return row;
  }

  private static String difference(Interval interval) {
    return "%s (%s to %s)%s"
        .formatted(
            signed(interval.value()),
            signed(interval.low()),
            signed(interval.high()),
            interval.isConfirmed() ? "*" : " ");
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String signed(double value) {
    return String.format(Locale.ROOT, "%+.1f", value);
  }
}
