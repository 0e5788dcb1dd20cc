package org.llavamed.trainer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.learning.TrainingException;
import org.llavamed.learning.run.RunEvent.Evaluated;
import org.llavamed.learning.run.RunEvent.Step;
import org.llavamed.trainer.internal.Chart.Point;

class MetricsFileTest {
  private static final String HEADER =
      "step,epoch,loss,gradient_norm,rate_tower,rate_projector,rate_decoder,seconds,"
          + "tokens_per_second,samples_per_second,resident_mb,validation_loss,validation_accuracy\n";

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameAFile() {
    file = folder.resolve("metrics.csv");
  }

  static Step step(long step) {
    return new Step(step, step / 4.0, 2.0 / step, 0.5, 0, 1e-3, 2e-5, 300, 8, 0.4, 700L << 20);
  }

  private static String line(long step) {
    return "%d,%s,%s,0.5,0.0,0.001,2.0E-5,0.400000,750.0,20.00,700"
        .formatted(step, step / 4.0, 2.0 / step);
  }

  private String text() throws IOException {
    return Files.readString(file);
  }

  @Test
  void eachStepIsALineThatHoldsWhatWasEvaluatedAfterIt() throws IOException {
    try (MetricsFile metrics = MetricsFile.open(file, 0)) {
      metrics.add(step(1));
      metrics.add(step(2));
      metrics.add(new Evaluated(2, 1.25, 0.75, 9));
      metrics.add(step(3));
    }
    assertThat(text())
        .isEqualTo(HEADER + line(1) + ",,\n" + line(2) + ",1.25,0.75\n" + line(3) + ",,\n");
  }

  @Test
  void anEvaluationWhoseStepIsWrittenAlreadyHasALineOfItsOwn() throws IOException {
    try (MetricsFile metrics = MetricsFile.open(file, 0)) {
      metrics.add(new Evaluated(0, 7.5, 0.125, 9));
      metrics.add(step(1));
      metrics.flush();
      metrics.add(new Evaluated(1, 1.25, 0.75, 9));
    }
    assertThat(text())
        .isEqualTo(HEADER + "0,,,,,,,,,,,7.5,0.125\n" + line(1) + ",,\n1,,,,,,,,,,,1.25,0.75\n");
  }

  @Test
  void aLineIsOnTheDiskAtTheLatestWithTheNextOne() throws IOException {
    try (MetricsFile metrics = MetricsFile.open(file, 0)) {
      metrics.add(step(1));
      metrics.add(step(2));
      assertThat(text()).isEqualTo(HEADER + line(1) + ",,\n");
      metrics.flush();
      assertThat(text()).endsWith(line(2) + ",,\n");
    }
  }

  @Test
  void whatLiesBehindTheCheckpointIsCutWhenTheRunGoesOn() throws IOException {
    try (MetricsFile metrics = MetricsFile.open(file, 0)) {
      for (int i = 1; i <= 12; i++) {
        metrics.add(step(i));
      }
    }
    try (MetricsFile metrics = MetricsFile.open(file, 10)) {
      assertThat(text()).endsWith(line(10) + ",,\n");
      metrics.add(step(11));
    }
    assertThat(text()).startsWith(HEADER + line(1)).endsWith(line(11) + ",,\n").hasLineCount(12);
  }

  @Test
  void aLineThatWasNotWrittenToItsEndIsCut() throws IOException {
    Files.writeString(file, HEADER + line(1) + ",,\n2,0.5,1.");
    MetricsFile.open(file, 5).close();
    assertThat(text()).isEqualTo(HEADER + line(1) + ",,\n");
  }

  @Test
  void aRunThatBeginsAnewForgetsWhatIsThere() throws IOException {
    Files.writeString(file, HEADER + line(1) + ",,\n");
    MetricsFile.open(file, 0).close();
    assertThat(text()).isEqualTo(HEADER);
  }

  @Test
  void anotherFileIsNotTouchedAndNamed() throws IOException {
    Files.writeString(file, "a,b\n1,2\n");
    assertThatThrownBy(() -> MetricsFile.open(file, 5))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            file
                + ": its first line is not that of the metrics of a run. Move the file away and"
                + " start again.");
    assertThat(text()).isEqualTo("a,b\n1,2\n");
  }

  @Test
  void anInterruptedThreadWritesOn() throws IOException {
    try (MetricsFile metrics = MetricsFile.open(file, 0)) {
      Thread.currentThread().interrupt();
      metrics.add(step(1));
      metrics.flush();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(text()).endsWith(line(1) + ",,\n");
  }

  @Test
  void theTableReadsBackWhatWasWritten() throws IOException {
    try (MetricsFile metrics = MetricsFile.open(file, 0)) {
      metrics.add(step(1));
      metrics.add(step(2));
      metrics.add(new Evaluated(2, 1.25, 0.75, 9));
    }
    Files.writeString(file, text() + "3,0.7");
    MetricsTable table = MetricsTable.read(file);
    assertThat(table.column("loss")).containsExactly(new Point(1, 2), new Point(2, 1));
    assertThat(table.column("validation_accuracy")).containsExactly(new Point(2, 0.75));
    assertThat(table.sum("seconds")).isEqualTo(0.8);
    assertThat(MetricsTable.read(folder.resolve("none")).column("loss")).isEmpty();
  }
}
