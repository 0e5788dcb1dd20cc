package org.llavamed.evaluation.internal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.llavamed.annotation.ResearchMark;

/**
 * What judges said of a model's answers beside the reference answers.
 *
 * @param about who was asked and who judged, by name
 * @param judged in the order of the questions
 * @param comparable whether the scores are a judge's, not a stand-in's
 * @param bootstrap of the bounds
 * @param failures what could not be asked or judged
 */
record ChatReport(
    Map<String, String> about,
    List<Judged> judged,
    boolean comparable,
    Bootstrap bootstrap,
    List<String> failures) {
  private static final double PLACES = 1e4;

  /**
   * A question whose answers were judged.
   *
   * @param question the question
   * @param answer of the model
   * @param reference score of the reference answer
   * @param model score of the model's answer
   */
  record Judged(ChatQuestion question, String answer, double reference, double model) {
    /** Returns the model's score by the reference's. */
    double ratio() {
      return reference == 0 ? 0 : model / reference;
    }
  }

  /** Returns the name of the score: a stand-in's is never called as a judge's. */
  String scoreName() {
    return comparable ? "relative_score" : "relative_similarity";
  }

  private static Map<String, List<Judged>> groups(
      List<Judged> judged, Function<ChatQuestion, String> group) {
    return judged.stream()
        .collect(
            Collectors.groupingBy(
                one -> group.apply(one.question()), TreeMap::new, Collectors.toList()));
  }

  private Map<String, Map<String, List<Judged>>> parts() {
    Map<String, Map<String, List<Judged>>> parts = new LinkedHashMap<>();
    parts.put("types", groups(judged, ChatQuestion::type));
    parts.put("domains", groups(judged, ChatQuestion::domain));
    return parts;
  }

  /** Returns the report as one JSON object; relative scores are in percent. */
  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.setAll(scores(judged));
    parts()
        .forEach(
            (part, groups) -> {
              ObjectNode object = json.putObject(part);
              groups.forEach((name, group) -> object.set(name, scores(group)));
            });
    about.forEach(json::put);
    json.put("comparable", comparable);
    failures.forEach(json.putArray("failures")::add);
    json.put("notice", ResearchMark.NOTICE);
    return json;
  }

  private ObjectNode scores(List<Judged> group) {
    Interval relative = relative(group);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put(scoreName(), rounded(relative.value()));
    json.putArray("interval").add(rounded(relative.low())).add(rounded(relative.high()));
    json.put("reference_score", rounded(mean(group, Judged::reference)));
    json.put("model_score", rounded(mean(group, Judged::model)));
    json.put("questions", group.size());
    return json;
  }

  /** Returns the report as a table. */
  Grid grid() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(row("overall", judged));
    parts().values().forEach(groups -> groups.forEach((name, group) -> rows.add(row(name, group))));
    return new Grid(
        comparable
            ? "Score of the model by that of the reference, in percent"
            : "Similarity to the reference answer, in percent: NOT comparable with judged scores",
        List.of("", "questions", "reference", "model", scoreName(), "95 %"),
        rows);
  }

  private List<String> row(String name, List<Judged> group) {
    Interval relative = relative(group);
    return List.of(
        name,
        Integer.toString(group.size()),
        decimal(mean(group, Judged::reference)),
        decimal(mean(group, Judged::model)),
        decimal(relative.value()),
        "%s to %s".formatted(decimal(relative.low()), decimal(relative.high())));
  }

  private Interval relative(List<Judged> group) {
    return bootstrap.mean(group.stream().mapToDouble(Judged::ratio).toArray());
  }

  private static double mean(List<Judged> group, Function<Judged, Double> score) {
    return group.stream().mapToDouble(score::apply).average().orElse(0);
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static double rounded(double value) {
    return Math.rint(value * PLACES) / PLACES;
  }
}
