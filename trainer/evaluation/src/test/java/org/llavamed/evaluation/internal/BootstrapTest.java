package org.llavamed.evaluation.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BootstrapTest {
  private static final Bootstrap BOOTSTRAP = new Bootstrap(4000, 3);

  private static double[] hits(int hits, int all) {
    double[] values = new double[all];
    Arrays.fill(values, 0, hits, 1);
    return values;
  }

  @Test
  void boundsOfAShareAreThoseOfTheNormalDistribution() {
    Interval interval = BOOTSTRAP.mean(hits(172, 272));
    double share = 172.0 / 272;
    double half = 100 * 1.96 * Math.sqrt(share * (1 - share) / 272);
    assertThat(interval.value()).isCloseTo(100 * share, within(1e-9));
    assertThat(interval.low()).isCloseTo(100 * share - half, within(0.5));
    assertThat(interval.high()).isCloseTo(100 * share + half, within(0.5));
  }

  @Test
  void equalSeedsGiveEqualBoundsAndOthersDoNot() {
    double[] values = hits(30, 71);
    assertThat(BOOTSTRAP.mean(values)).isEqualTo(BOOTSTRAP.mean(values));
    assertThat(new Bootstrap(50, 4).mean(values)).isNotEqualTo(new Bootstrap(50, 5).mean(values));
  }

  @Test
  void aDifferenceIsConfirmedWhereBothBoundsHaveItsSign() {
    assertThat(new Interval(1, 0.5, 2).isConfirmed()).isTrue();
    assertThat(new Interval(-1, -2, -0.5).isConfirmed()).isTrue();
    assertThat(new Interval(1, -0.5, 2).isConfirmed()).isFalse();
  }

  @Test
  void pairsThatDifferAlikeHaveNoSpreadWhateverTheScores() {
    List<Answered> right =
        List.of(
            Answered.of(Questions.closed("1", "a", "q", "yes"), "yes"),
            Answered.of(Questions.closed("2", "a", "q", "no"), "no"),
            Answered.of(Questions.closed("3", "a", "q", "no"), "no"));
    List<Answered> wrong =
        List.of(
            Answered.of(Questions.closed("2", "a", "q", "no"), "yes"),
            Answered.of(Questions.closed("1", "a", "q", "yes"), "no"));
    Map<Metric, Interval> better = new Scores(right).better(new Scores(wrong), BOOTSTRAP);
    assertThat(better.get(Metric.CLOSED_EXACT)).isEqualTo(new Interval(100, 100, 100));
    assertThat(better).doesNotContainKey(Metric.OPEN_F1);
  }
}
