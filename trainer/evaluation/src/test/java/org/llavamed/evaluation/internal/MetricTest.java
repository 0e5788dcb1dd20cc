package org.llavamed.evaluation.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

final class MetricTest {
  /** Written by make_metrics_golden.py, which lies beside it. */
  private static List<JsonNode> golden() throws IOException {
    try (InputStream in = MetricTest.class.getResourceAsStream("metrics-golden.json")) {
      JsonNode cases = JsonMapper.builder().build().readTree(in);
      return StreamSupport.stream(cases.spliterator(), false).toList();
    }
  }

  @Test
  void textsAreNormalizedAsByAnIndependentImplementation() throws IOException {
    assertThat(golden())
        .hasSizeGreaterThan(400)
        .allSatisfy(
            one -> {
              assertThat(NormalText.of(one.get("answer").asText()))
                  .isEqualTo(one.get("normalized").get(0).asText());
              assertThat(NormalText.of(one.get("truth").asText()))
                  .isEqualTo(one.get("normalized").get(1).asText());
            });
  }

  @Test
  void everyMetricEqualsAnIndependentImplementation() throws IOException {
    for (JsonNode one : golden()) {
      String answer = one.get("answer").asText();
      String truth = one.get("truth").asText();
      for (Metric metric : Metric.values()) {
        assertThat(metric.score(answer, truth))
            .as("%s of '%s' for '%s'", metric.label(), answer, truth)
            .isCloseTo(one.get("scores").get(metric.label()).asDouble(), within(1e-12));
      }
    }
  }

  @Test
  void thePublishedAccuracyTakesAWordInAnotherForTheTruth() {
    assertThat(Metric.CLOSED_ACCURACY.score("normal", "no")).isEqualTo(1);
    assertThat(Metric.CLOSED_ACCURACY.score("yes no", "no")).isEqualTo(1);
    assertThat(Metric.CLOSED_EXACT.score("normal", "no")).isZero();
    assertThat(Metric.CLOSED_EXACT.score("yes no", "no")).isZero();
    assertThat(Metric.CLOSED_EXACT.score("No.", "no")).isEqualTo(1);
  }

  @Test
  void thePublishedRecallIsHadBySayingMore() {
    assertThat(Metric.OPEN_RECALL.score("left right lung heart liver", "left lung")).isEqualTo(1);
    assertThat(Metric.OPEN_F1.score("left right lung heart liver", "left lung"))
        .isCloseTo(4 / 7.0, within(1e-12));
  }

  @Test
  void repeatingAWordThatIsRightRaisesThePublishedF1Alone() {
    String truth = "right lower lung";
    assertThat(Metric.F1.score("lung lung lung lung lung", truth))
        .isGreaterThan(Metric.F1.score("lung", truth));
    assertThat(Metric.OPEN_F1.score("lung lung lung lung lung", truth))
        .isCloseTo(0.25, within(1e-12));
    assertThat(Metric.OPEN_F1.score("lung", truth)).isCloseTo(0.5, within(1e-12));
    assertThat(Metric.OPEN_F1.score("lung left lung", "lung left lung")).isEqualTo(1);
  }

  @Test
  void fullStopsBeyondTheThirtySecondStay() {
    assertThat(NormalText.of(".".repeat(40) + "x")).isEqualTo(".".repeat(8) + "x");
  }
}
