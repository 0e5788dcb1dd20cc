package org.llavamed.evaluation.internal;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.llavamed.annotation.ResearchMark;

/** Parts of a page that stands for itself: nothing is fetched, nothing runs. */
final class Html {
  private static final String STYLE =
      """
      body{font:15px/1.45 system-ui,sans-serif;max-width:72rem;margin:1rem auto;padding:0 1rem;color:#1c2733}
      .mark{background:#7a1f1f;color:#fff;padding:.4rem .8rem;font-weight:600}
      table{border-collapse:collapse;margin:.5rem 0 1.5rem;font-variant-numeric:tabular-nums}
      th,td{padding:.2rem .7rem;text-align:right;border-bottom:1px solid #d5dde5}
      th:first-child,td:first-child{text-align:left}
      .cases{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:1rem}
      .case{border:1px solid #d5dde5;padding:.6rem;overflow-wrap:anywhere}
      .case img{display:block;max-width:100%;margin:0 auto .5rem;background:#000}
      dt{font-size:.8rem;color:#5a6876}dd{margin:0 0 .3rem}
      """;

  private Html() {}

  /** Returns a page. */
  static String page(String title, String body) {
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%1$s</title>
        <style>
        %2$s</style>
        </head>
        <body>
        <p class="mark">%3$s</p>
        <h1>%1$s</h1>
        %4$s
        <p class="mark">%3$s</p>
        </body>
        </html>
        """
        .formatted(escape(title), STYLE, escape(ResearchMark.NOTICE), body);
  }

  /** Returns names with what they stand for. */
  static String pairs(Map<String, String> pairs) {
    return pairs.entrySet().stream()
        .map(
            pair ->
                "<dt>%s</dt><dd>%s</dd>".formatted(escape(pair.getKey()), escape(pair.getValue())))
        .collect(Collectors.joining("\n", "<dl>\n", "\n</dl>\n"));
  }

  /** Returns sentences under a title; nothing where there are none. */
  static String list(String title, List<String> sentences) {
    return sentences.isEmpty()
        ? ""
        : sentences.stream()
            .map(one -> "<li>%s</li>\n".formatted(escape(one)))
            .collect(
                Collectors.joining("", "<h2>%s</h2>\n<ul>\n".formatted(escape(title)), "</ul>\n"));
  }

  /** Returns a table with its title. */
  static String table(Grid grid) {
    return "<h2>%s</h2>\n<table>\n%s%s</table>\n"
        .formatted(
            escape(grid.title()),
            row("th", grid.header()),
            grid.rows().stream().map(cells -> row("td", cells)).collect(Collectors.joining()));
  }

  private static String row(String element, List<String> cells) {
    return cells.stream()
        .map(cell -> "<%1$s>%2$s</%1$s>".formatted(element, escape(cell)))
        .collect(Collectors.joining("", "<tr>", "</tr>\n"));
  }

  /** Returns text as the content of an element or of an attribute in quotes. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
