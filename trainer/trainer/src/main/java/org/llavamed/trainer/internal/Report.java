package org.llavamed.trainer.internal;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.learning.run.RunEvent.LeftOut;
import org.llavamed.trainer.internal.Chart.Curve;
import org.llavamed.trainer.internal.Chart.Point;

/**
 * report.html: a run of training on one page that needs no other file.
 *
 * @param name of the run
 * @param state how far it has come, as a sentence
 * @param facts lines of a table, name and value
 * @param leftOut samples that could not be used
 * @param data SHA-256 by file
 * @param recipe as YAML
 */
record Report(
    String name,
    String state,
    Map<String, String> facts,
    List<LeftOut> leftOut,
    Map<String, String> data,
    String recipe) {
  private static final String STYLE =
      """
      body{font:15px/1.45 system-ui,sans-serif;max-width:1320px;margin:2em auto;padding:0 1em;color:#222}
      .mark{background:#b00;color:#fff;padding:.4em .8em;font-weight:bold;display:inline-block}
      table{border-collapse:collapse;margin:1em 0}
      th,td{text-align:left;vertical-align:top;padding:.25em 1.2em .25em 0;border-bottom:1px solid #ddd}
      th{font-weight:600;white-space:nowrap}
      td{overflow-wrap:anywhere}
      pre{background:#f4f4f4;padding:1em;overflow:auto}
      .charts{display:flex;flex-wrap:wrap;gap:1.2em}
      .charts svg{width:640px;max-width:100%;border:1px solid #ddd}
      svg text{font:12px system-ui,sans-serif}
      svg text.title{font-size:14px;font-weight:600}
      svg line{stroke:#e4e4e4}
      svg polyline{stroke-width:1.6;stroke-linejoin:round}
      """;

  /** Writes the page, with the curves of a table. */
  void write(Path file, MetricsTable metrics) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
    try (var out = new FileOutputStream(unfinished.toFile())) { // an interrupt does not close it
      out.write(html(metrics).getBytes(StandardCharsets.UTF_8));
    }
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
  }

  String html(MetricsTable metrics) {
    var html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n");
    html.append("<meta charset=\"utf-8\">\n<title>Training of ").append(Html.escape(name));
    html.append("</title>\n<style>\n").append(STYLE).append("</style>\n</head>\n<body>\n");
    html.append("<p class=\"mark\">").append(ResearchMark.NOTICE).append("</p>\n");
    html.append("<h1>Training of ").append(Html.escape(name)).append("</h1>\n");
    html.append("<p>").append(Html.escape(state)).append("</p>\n");
    table(html, facts);
    charts(html, metrics);
    html.append("<h2>Data (SHA-256)</h2>\n");
    table(html, data);
    leftOut(html);
    html.append("<h2>Recipe</h2>\n<pre>").append(Html.escape(recipe)).append("</pre>\n");
    return html.append("</body>\n</html>\n").toString();
  }

  private static void table(StringBuilder html, Map<String, String> rows) {
    html.append("<table>\n");
    rows.forEach(
        (key, value) ->
            html.append("<tr><th>")
                .append(Html.escape(key))
                .append("</th><td>")
                .append(Html.escape(value))
                .append("</td></tr>\n"));
    html.append("</table>\n");
  }

  private static void charts(StringBuilder html, MetricsTable metrics) {
    List<Chart> charts =
        List.of(
            new Chart(
                "Loss",
                false,
                List.of(
                    new Curve("training", metrics.column("loss")),
                    new Curve("validation", metrics.column("validation_loss")))),
            new Chart(
                "Validation: answer tokens right (%)",
                false, List.of(new Curve("", percent(metrics.column("validation_accuracy"))))),
            new Chart(
                "Learning rate",
                true,
                List.of(
                    new Curve("tower", trained(metrics.column("rate_tower"))),
                    new Curve("projector", trained(metrics.column("rate_projector"))),
                    new Curve("decoder", trained(metrics.column("rate_decoder"))))),
            fromZero("Gradient norm, before it is clipped", metrics.column("gradient_norm")),
            fromZero("Speed (tokens/s)", metrics.column("tokens_per_second")),
            fromZero("Speed (samples/s)", metrics.column("samples_per_second")),
            fromZero("Memory of the first process (MB)", metrics.column("resident_mb")));
    html.append("<h2>Curves</h2>\n<div class=\"charts\">\n");
    charts.stream().filter(chart -> !chart.isEmpty()).map(Chart::svg).forEach(html::append);
    html.append("</div>\n");
  }

  private static Chart fromZero(String title, List<Point> points) {
    return new Chart(title, true, List.of(new Curve("", points)));
  }

  private static List<Point> percent(List<Point> shares) {
    return shares.stream().map(point -> new Point(point.x(), 100 * point.y())).toList();
  }

  /** A part that is never trained has no curve. */
  private static List<Point> trained(List<Point> rates) {
    return rates.stream().anyMatch(point -> point.y() > 0) ? rates : List.of();
  }

  private void leftOut(StringBuilder html) {
    if (leftOut.isEmpty()) {
      return;
    }
    html.append("<h2>Left out</h2>\n<table>\n");
    for (LeftOut one : leftOut) {
      html.append(
          "<tr><th>%d</th><td>%s</td><td>%s</td></tr>\n"
              .formatted(
                  one.count(),
                  Html.escape(one.reason()),
                  Html.escape(String.join(", ", one.examples()))));
    }
    html.append("</table>\n");
  }

  /** Returns the facts that the metrics tell. */
  static Map<String, String> figures(MetricsTable metrics) {
    var figures = new LinkedHashMap<String, String>();
    List<Point> loss = metrics.column("loss");
    if (!loss.isEmpty()) {
      Point last = loss.get(loss.size() - 1);
      figures.put("last loss", String.format(Locale.ROOT, "%.4f", last.y()));
      double seconds = metrics.sum("seconds");
      figures.put(
          "time of all steps", TrainingDisplay.time(Duration.ofSeconds(Math.round(seconds))));
      figures.put("mean of a step", String.format(Locale.ROOT, "%.3f s", seconds / loss.size()));
    }
    List<Point> validation = metrics.column("validation_loss");
    validation.stream()
        .min((a, b) -> Double.compare(a.y(), b.y()))
        .ifPresent(
            best ->
                figures.put(
                    "best validation loss",
                    String.format(Locale.ROOT, "%.4f at step %.0f", best.y(), best.x())));
    return figures;
  }
}
