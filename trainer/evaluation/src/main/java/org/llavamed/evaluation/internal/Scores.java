package org.llavamed.evaluation.internal;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The scores of the answers to a list of questions. */
final class Scores {
  private final Map<Metric, Map<String, Double>> values = new EnumMap<>(Metric.class);
  private final int questions;

  /** Scores answers, each by the metrics for the type of its question. */
  Scores(List<Answered> answers) {
    questions = answers.size();
    for (Answered one : answers) {
      for (Metric metric : Metric.values()) {
        if (metric.type() == one.question().type()) {
          values
              .computeIfAbsent(metric, key -> new LinkedHashMap<>())
              .put(one.question().id(), metric.score(one.text(), one.question().answer()));
        }
      }
    }
  }

  /** Returns how many questions were answered. */
  int questions() {
    return questions;
  }

  /** Returns the mean of each metric that has a question, in percent. */
  Map<Metric, Double> percent() {
    return map(
        metric ->
            100
                * of(metric).values().stream().mapToDouble(Double::doubleValue).sum()
                / of(metric).size());
  }

  /** Returns the same with bounds. */
  Map<Metric, Interval> intervals(Bootstrap bootstrap) {
    return map(metric -> bootstrap.mean(doubles(of(metric))));
  }

  /**
   * Returns by how many points these are better than others, over the questions that both have
   * answered.
   */
  Map<Metric, Interval> better(Scores others, Bootstrap bootstrap) {
    Map<Metric, Interval> differences = new EnumMap<>(Metric.class);
    for (Metric metric : values.keySet()) {
      double[] pairs =
          of(metric).entrySet().stream()
              .filter(one -> others.of(metric).containsKey(one.getKey()))
              .mapToDouble(
                  one -> one.getValue() - others.of(metric).getOrDefault(one.getKey(), 0.0))
              .toArray();
      if (pairs.length > 0) {
        differences.put(metric, bootstrap.mean(pairs));
      }
    }
    return differences;
  }

  private Map<String, Double> of(Metric metric) {
    return values.getOrDefault(metric, Map.of());
  }

  private static double[] doubles(Map<String, Double> values) {
    return values.values().stream().mapToDouble(Double::doubleValue).toArray();
  }

  private <T> Map<Metric, T> map(Function<Metric, T> value) {
    Map<Metric, T> result = new EnumMap<>(Metric.class);
    values.keySet().forEach(metric -> result.put(metric, value.apply(metric)));
    return result;
  }
}
