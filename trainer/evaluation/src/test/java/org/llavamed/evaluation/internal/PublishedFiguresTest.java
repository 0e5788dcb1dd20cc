package org.llavamed.evaluation.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.data.VqaQuestion;
import org.llavamed.data.VqaSet;

/** The metrics and controls on VQA-RAD, against figures that were found by other programs. */
final class PublishedFiguresTest {
  private static VqaSet vqaRad() {
    Path folder = Path.of(System.getProperty("shared.data", ""), "vqa-rad");
    boolean present = Files.isDirectory(folder);
    if (!present) {
      System.out.println("SKIPPED: " + folder + " is not there, set shared.data");
    }
    assumeTrue(present, folder + " is not there");
    return VqaSet.read(folder);
  }

  @ParameterizedTest
  @CsvSource({
    "CONSTANT, 95.6, 48.7",
    "NEAREST_QUESTION, 60.7, 37.1",
    "NEAREST_QUESTION_SAME_PICTURE, 73.2, 47.3"
  })
  void controlsScoreOnVqaRadAsStated(Control control, double closed, double recall) {
    VqaSet data = vqaRad();
    List<Answered> answers =
        new TextControls(data.split("train")).answers(control, data.split("test"));
    Map<Metric, Double> scores = new Scores(answers).percent();
    assertThat(scores.get(Metric.CLOSED_ACCURACY)).isCloseTo(closed, within(0.05));
    assertThat(scores.get(Metric.OPEN_RECALL)).isCloseTo(recall, within(0.05));
  }

  @Test
  void yesAndNoAtOnceIsRightByTheUncorrectedAccuracyAlone() {
    List<VqaQuestion> test = vqaRad().split("test");
    Map<Metric, Double> scores =
        new Scores(test.stream().map(one -> Answered.of(one, "yes no")).toList()).percent();
    assertThat(scores.get(Metric.CLOSED_ACCURACY)).isCloseTo(92.3, within(0.05));
    assertThat(scores.get(Metric.CLOSED_B)).isCloseTo(92.3, within(0.05));
    assertThat(scores.get(Metric.CLOSED_EXACT)).isZero();
    assertThat(scores.get(Metric.OPEN_F1)).isZero();
  }
}
