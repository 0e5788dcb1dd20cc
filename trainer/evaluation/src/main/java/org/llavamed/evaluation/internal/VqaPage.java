package org.llavamed.evaluation.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.Picture;

/** Writes an evaluation as a page, with the worst and the best answers and their pictures. */
final class VqaPage {
  private static final int CASES = 12;

  private final Function<Path, Picture> reader;

  /** Takes what reads pictures. */
  VqaPage(Function<Path, Picture> reader) {
    this.reader = reader;
  }

  /** Returns the page. */
  String text(VqaReport report) {
    var body = new StringBuilder(Html.pairs(report.about()));
    VqaGrids.of(report).forEach(grid -> body.append(Html.table(grid)));
    body.append(Html.pairs(descriptions(report)));
    body.append(list("Left out", report.notes()));
    body.append(list("Not scored", report.failures()));
    Comparator<Answered> score = Comparator.comparingDouble(Answered::score);
    Comparator<Answered> surest =
        Comparator.comparingDouble((Answered one) -> one.probability().orElse(0)).reversed();
    body.append(cases("The worst answers, the surest first", report, score.thenComparing(surest)));
    body.append(
        cases(
            "The best answers, the surest first", report, score.reversed().thenComparing(surest)));
    return Html.page("Evaluation: questions about pictures", body.toString());
  }

  private static String list(String title, List<String> sentences) {
    return sentences.isEmpty()
        ? ""
        : sentences.stream()
            .map(one -> "<li>%s</li>\n".formatted(Html.escape(one)))
            .collect(Collectors.joining("", "<h2>%s</h2>\n<ul>\n".formatted(title), "</ul>\n"));
  }

  private static Map<String, String> descriptions(VqaReport report) {
    Map<String, String> descriptions = new LinkedHashMap<>();
    report.controls().keySet().forEach(one -> descriptions.put(one.toString(), one.description()));
    return descriptions;
  }

  /** Shows the first answers of an order, one of a picture. */
  private String cases(String title, VqaReport report, Comparator<Answered> order) {
    Set<String> pictures = new HashSet<>();
    List<Answered> shown = new ArrayList<>();
    report.answers().stream()
        .sorted(order)
        .filter(one -> pictures.add(one.question().pictureId()))
        .limit(CASES)
        .forEach(shown::add);
    return "<h2>%s</h2>\n<div class=\"cases\">\n%s</div>\n"
        .formatted(
            Html.escape(title), shown.stream().map(this::show).collect(Collectors.joining()));
  }

  private String show(Answered one) {
    Map<String, String> said = new LinkedHashMap<>();
    said.put("question " + one.question().id(), one.question().question());
    said.put("truth", one.question().answer());
    said.put("answer", one.text());
    said.put("score", percent(one.score()));
    one.probability().ifPresent(value -> said.put("probability", percent(value)));
    return "<div class=\"case\">%s%s</div>\n".formatted(picture(one), Html.pairs(said));
  }

  private String picture(Answered one) {
    String name = Html.escape(one.question().pictureId());
    try {
      String data = Thumbnail.dataUri(reader.apply(one.question().picture()));
      return "<img src=\"%s\" alt=\"%s\">".formatted(data, name);
    } catch (ImagingException e) {
      return "<p>%s: no picture</p>".formatted(name);
    }
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
