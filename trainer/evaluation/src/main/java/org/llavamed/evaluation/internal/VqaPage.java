package org.llavamed.evaluation.internal;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.llavamed.evaluation.internal.CasePage.Case;
import org.llavamed.imaging.Picture;

/** Writes an evaluation as a page, with the worst and the best answers and their pictures. */
final class VqaPage {
  private final CasePage cases;

  /** Takes what reads pictures. */
  VqaPage(Function<Path, Picture> reader) {
    this.cases = new CasePage(reader);
  }

  /** Returns the page. */
  String text(VqaReport report) {
    var body = new StringBuilder(Html.pairs(report.about()));
    VqaGrids.of(report).forEach(grid -> body.append(Html.table(grid)));
    Map<String, String> controls = new LinkedHashMap<>();
    report.controls().keySet().forEach(one -> controls.put(one.toString(), one.description()));
    body.append(Html.pairs(controls));
    body.append(Html.list("Left out", report.notes()));
    body.append(Html.list("Not scored", report.failures()));
    body.append(cases.worstAndBest(report.answers().stream().map(VqaPage::of).toList()));
    return Html.page("Evaluation: questions about pictures", body.toString());
  }

  private static Case of(Answered one) {
    Map<String, String> said = new LinkedHashMap<>();
    said.put("question " + one.question().id(), one.question().question());
    said.put("truth", one.question().answer());
    said.put("answer", one.text());
    said.put("score", percent(one.score()));
    one.probability().ifPresent(value -> said.put("probability", percent(value)));
    return new Case(one.question(), said, one.score(), one.probability().orElse(0));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
