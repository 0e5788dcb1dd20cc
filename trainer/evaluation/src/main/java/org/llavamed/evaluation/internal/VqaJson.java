package org.llavamed.evaluation.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.evaluation.internal.VqaReport.Scored;
import org.llavamed.evaluation.internal.VqaReport.Versus;

/** Writes an evaluation as one JSON object; all scores are in percent. */
final class VqaJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private static final double PLACES = 1e4;

  private VqaJson() {}

  /** Returns the text of the object. */
  static String text(VqaReport report) {
    ObjectNode json = scored(report.all());
    report.about().forEach(json::put);
    groups(json.putObject("question_types"), report.questionTypes());
    groups(json.putObject("organs"), report.organs());
    ObjectNode controls = json.putObject("controls");
    report.controls().forEach((name, one) -> controls.set(name.toString(), versus(one)));
    ObjectNode comparisons = json.putObject("comparisons");
    report.comparisons().forEach((name, one) -> comparisons.set(name, versus(one)));
    report.notes().forEach(json.putArray("notes")::add);
    report.failures().forEach(json.putArray("failures")::add);
    json.put("notice", ResearchMark.NOTICE);
    try {
      return MAPPER.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("No JSON of the evaluation", e);
    }
  }

  private static void groups(ObjectNode json, Map<String, Scored> groups) {
    groups.forEach((name, one) -> json.set(name, scored(one)));
  }

  /** Metrics that have no question are null. */
  private static ObjectNode scored(Scored scored) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    for (Metric metric : Metric.values()) {
      Interval interval = scored.scores().get(metric);
      if (interval == null) {
        json.putNull(metric.label());
      } else {
        json.put(metric.label(), rounded(interval.value()));
      }
    }
    json.put("open_questions", scored.open()).put("closed_questions", scored.closed());
    ObjectNode intervals = json.putObject("intervals");
    scored
        .scores()
        .forEach(
            (metric, interval) ->
                intervals
                    .putArray(metric.label())
                    .add(rounded(interval.low()))
                    .add(rounded(interval.high())));
    return json;
  }

  private static ObjectNode versus(Versus versus) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    versus.scores().forEach((metric, value) -> json.put(metric.label(), rounded(value)));
    json.put("questions", versus.questions());
    ObjectNode better = json.putObject("better_than_this");
    versus
        .better()
        .forEach(
            (metric, interval) ->
                better
                    .putObject(metric.label())
                    .put("points", rounded(interval.value()))
                    .put("low", rounded(interval.low()))
                    .put("high", rounded(interval.high())));
    return json;
  }

  private static double rounded(double value) {
    return Math.rint(value * PLACES) / PLACES;
  }
}
