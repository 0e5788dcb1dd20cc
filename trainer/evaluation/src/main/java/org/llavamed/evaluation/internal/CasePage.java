package org.llavamed.evaluation.internal;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.llavamed.data.VqaQuestion;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.Picture;

/** Shows answers with their pictures on a page. */
final class CasePage {
  private static final int CASES = 12;

  private final Function<Path, Picture> reader;

  /** Takes what reads pictures. */
  CasePage(Function<Path, Picture> reader) {
    this.reader = reader;
  }

  /**
   * A case.
   *
   * @param question what was asked
   * @param said what is written under the picture, by name
   * @param score the higher the better
   * @param surety cases of equal score are shown the surest first
   */
  record Case(VqaQuestion question, Map<String, String> said, double score, double surety) {}

  /** Shows the worst and the best cases, at most one of a picture each. */
  String worstAndBest(List<Case> cases) {
    Comparator<Case> score = Comparator.comparingDouble(Case::score);
    Comparator<Case> surest = Comparator.comparingDouble(Case::surety).reversed();
    return section("The worst answers, the surest first", cases, score.thenComparing(surest))
        + section(
            "The best answers, the surest first", cases, score.reversed().thenComparing(surest));
  }

  private String section(String title, List<Case> cases, Comparator<Case> order) {
    Set<String> pictures = new HashSet<>();
    return cases.stream()
        .sorted(order)
        .filter(one -> pictures.add(one.question().pictureId()))
        .limit(CASES)
        .map(this::show)
        .collect(
            Collectors.joining(
                "", "<h2>%s</h2>\n<div class=\"cases\">\n".formatted(title), "</div>\n"));
  }

  private String show(Case one) {
    return "<div class=\"case\">%s%s</div>\n"
        .formatted(picture(one.question()), Html.pairs(one.said()));
  }

  private String picture(VqaQuestion question) {
    String name = Html.escape(question.pictureId());
    try {
      String data = Thumbnail.dataUri(reader.apply(question.picture()));
      return "<img src=\"%s\" alt=\"%s\">".formatted(data, name);
    } catch (ImagingException e) {
      return "<p>%s: no picture</p>".formatted(name);
    }
  }
}
