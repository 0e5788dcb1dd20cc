package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavamed.inference.ModelBenchmark.Figure;
import org.llavamed.inference.ModelBenchmark.Plan;
import org.llavamed.inference.ModelBenchmark.Report;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.Progress;

class ModelBenchmarkTest {
  private final ModelSettings settings = new ModelSettings(TinyVqa.FOLDER, 1, 0, 4096);
  private final OnnxModelBenchmark benchmark = new OnnxModelBenchmark(settings);

  @Test
  void whatTheModelHasNoRoomForIsLeftOut() {
    Report report = benchmark.measure(TinyVqa.FOLDER, new Plan(1, true), Progress.NONE);
    assertThat(report.figures())
        .extracting(Figure::name)
        .contains("load", "vision of a picture")
        .doesNotContain("decode at 1024");
    assertThat(report.figures())
        .allSatisfy(figure -> assertThat(figure.median()).isBetween(figure.least(), figure.most()));
    assertThat(report.stepGraph()).startsWith("decoder_model_merged");
    assertThat(report.host().onnxRuntime()).isEqualTo(Onnx.environment().getVersion());
  }

  @Test
  void theMedianIsBetweenTheTwoInTheMiddle() {
    assertThat(Samples.figure("a", "s", 4, 1, 3, 2)).isEqualTo(new Figure("a", "s", 2.5, 1, 4));
    assertThat(Samples.figure("a", "s", 9, 1, 5).median()).isEqualTo(5);
  }

  @Test
  void memoryIsReadFromLinesOfLinux() {
    List<String> lines = List.of("Name:\tjava", "VmRSS:\t  2048 kB", "VmRSSx:\t1 kB");
    assertThat(ProcessMemory.kib(lines, "VmRSS:")).hasValue(2048);
    assertThat(ProcessMemory.kib(lines, "VmHWM:")).isEmpty();
  }

  @Test
  void anInterruptedMeasurementIsNamed() {
    Thread.currentThread().interrupt();
    try {
      assertThatExceptionOfType(ModelException.class)
          .isThrownBy(() -> benchmark.measure(TinyVqa.FOLDER, new Plan(1, false), Progress.NONE));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void noRepetitionIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Plan(0, false))
        .withMessage("repeats is 0, expected 1 or more");
  }
}
