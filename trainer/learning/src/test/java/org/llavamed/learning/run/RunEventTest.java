package org.llavamed.learning.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RunEventTest {
  static List<RunEvent> events() {
    return List.of(
        new RunEvent.Started(0, 10, 2.5, 20, 5, 4, "cpu", "PyTorch 2", 1, null),
        new RunEvent.Started(5, 10, 2.5, 20, 5, 4, "cpu", "PyTorch 2", 1, "step-5"),
        new RunEvent.Step(1, 0.1, 2.5, 1, 0, 1e-3, 1e-5, 100, 8, 0.5, 1L << 33),
        new RunEvent.Evaluated(5, Double.NaN, 0.5, 3),
        new RunEvent.Saved(5, "checkpoints/step-00000005"),
        new RunEvent.LeftOut("there is no such file", 2, List.of("a.png", "b\n.png")),
        new RunEvent.Preparing("reading samples", 5, 0),
        new RunEvent.Finished(10, "model", 3.5),
        new RunEvent.Failed("step 3: the loss is NaN.", null));
  }

  @ParameterizedTest
  @MethodSource("events")
  void anEventIsOneLineThatIsReadAgainAsTheSame(RunEvent event) {
    assertThat(event.toJson()).startsWith("{\"event\":\"").doesNotContain("\n");
    assertThat(RunEvent.parse(event.toJson())).contains(event);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[W] a warning of a library", "{\"event\":\"unheard\"}", "{\"event\":"})
  void aLineThatIsNoEventIsNone(String line) {
    assertThat(RunEvent.parse(line)).isEmpty();
  }

  @Test
  void aKeyOfANewerWorkerIsPassedOver() {
    assertThat(RunEvent.parse("{\"event\":\"saved\",\"step\":1,\"folder\":\"f\",\"bytes\":7}"))
        .contains(new RunEvent.Saved(1, "f"));
  }
}
