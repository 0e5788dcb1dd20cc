package org.llavamed.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.llavamed.engine.AdamW;
import org.llavamed.engine.DType;
import org.llavamed.engine.Device;
import org.llavamed.engine.Engine;
import org.llavamed.engine.EngineException;
import org.llavamed.engine.Engines;
import org.llavamed.engine.Tensor;

final class TorchAdamWTest {
  private static final AdamW.Settings SETTINGS = new AdamW.Settings(0.8, 0.95, 1e-6);

  private final Engine engine = Engines.open(Device.CPU);
  private final Tensor w = parameter(8, i -> (i - 3.5f) / 4);
  private final Tensor b = parameter(4, i -> i / 3f);

  /** A number for each place. */
  private interface Formula {
    float at(int place);
  }

  private Tensor parameter(int size, Formula formula) {
    return values(size, formula).requireGradient(true);
  }

  private Tensor values(int size, Formula formula) {
    FloatBuffer values = FloatBuffer.allocate(size);
    for (int i = 0; i < size; i++) {
      values.put(i, formula.at(i));
    }
    return engine.floats(values, size);
  }

  private AdamW optimiser() {
    return engine.adamW(
        List.of(
            new AdamW.Group(List.of(new AdamW.Parameter("w", w)), 0.05, 0.1),
            new AdamW.Group(List.of(new AdamW.Parameter("b", b)), 0.01, 0)),
        SETTINGS);
  }

  /** The gradient of a sum of products is the other factor. */
  private void step(AdamW optimiser, int step) {
    if (step == 3) {
      optimiser.learningRate(1, 0.02);
    }
    optimiser.clearGradients();
    w.times(values(8, i -> ((step * 7 + i * 5) % 11 - 5) / 10f)).sum().backward();
    b.times(values(4, i -> ((step * 3 + i * 2) % 7 - 3) / 100f)).sum().backward();
    optimiser.step();
  }

  private List<Double> now() {
    List<Double> numbers = new ArrayList<>();
    for (float number : engine.cat(0, List.of(w, b)).floats()) {
      numbers.add((double) number);
    }
    return numbers;
  }

  private static List<List<Double>> curve() throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    TorchAdamWTest.class.getResourceAsStream("/adamw/curve.txt")),
                StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .map(line -> Stream.of(line.split(" ")).map(Double::valueOf).toList())
          .toList();
    }
  }

  @Test
  void followsPythonsAdamWWithGroupsDecayAndOtherBetas() throws IOException {
    AdamW optimiser = optimiser();
    List<List<Double>> curve = curve();
    assertThat(curve).hasSize(6);
    for (int i = 0; i < curve.size(); i++) {
      step(optimiser, i);
      List<Double> expected = curve.get(i);
      List<Double> found = now();
      for (int j = 0; j < expected.size(); j++) {
        assertThat(found.get(j))
            .as("step %d, number %d", i, j)
            .isCloseTo(expected.get(j), within(1e-7));
      }
    }
  }

  @Test
  void restoredStateGoesOnBitForBit() {
    AdamW optimiser = optimiser();
    step(optimiser, 0);
    step(optimiser, 1);
    Map<String, Tensor> saved = new LinkedHashMap<>();
    optimiser.state().forEach((name, tensor) -> saved.put(name, tensor.copy()));
    Tensor savedW = w.copy();
    Tensor savedB = b.copy();
    step(optimiser, 2);
    List<Double> expected = now();
    w.set(savedW);
    b.set(savedB);
    AdamW other = optimiser();
    other.state(saved);
    step(other, 2);
    assertThat(now()).isEqualTo(expected);
    assertThat(saved.keySet())
        .containsExactly(
            "w.exp_avg", "w.exp_avg_sq", "w.step", "b.exp_avg", "b.exp_avg_sq", "b.step");
  }

  @Test
  void parametersWithoutGradientStay() {
    AdamW optimiser = optimiser();
    b.sum().backward();
    List<Double> before = now();
    optimiser.step();
    assertThat(now().subList(0, 8)).isEqualTo(before.subList(0, 8));
    assertThat(now().subList(8, 12)).isNotEqualTo(before.subList(8, 12));
    assertThat(optimiser.state()).doesNotContainKey("w.step");
  }

  @Test
  void stateOfOtherParametersIsRefused() {
    AdamW optimiser = optimiser();
    assertThatThrownBy(() -> optimiser.state(Map.of("x.step", engine.range(1))))
        .isInstanceOf(EngineException.class)
        .hasMessage(
            "optimiser state: 1 of its 1 tensors belong to no parameter. Resume with the recipe it"
                + " was written with.");
    assertThatThrownBy(
            () ->
                optimiser.state(
                    Map.of(
                        "w.step",
                        engine.range(1),
                        "w.exp_avg",
                        engine.zeros(DType.F32, 3),
                        "w.exp_avg_sq",
                        engine.zeros(DType.F32, 8))))
        .isInstanceOf(EngineException.class)
        .hasMessage(
            "w.exp_avg: it is F32 [3], expected F32 [8]. Resume with the recipe it was written"
                + " with.");
  }

  private static Tensor saved(AdamW optimiser, String name) {
    return Objects.requireNonNull(optimiser.state().get(name), name);
  }

  @Test
  void refusedStateChangesNothing() {
    AdamW optimiser = optimiser();
    step(optimiser, 0);
    Map<String, Tensor> other = new LinkedHashMap<>();
    optimiser.state().forEach((name, tensor) -> other.put(name, tensor.times(2)));
    float[] before = saved(optimiser, "w.exp_avg").floats();
    other.put("b.exp_avg_sq", engine.zeros(DType.F32, 5));
    assertThatThrownBy(() -> optimiser.state(other)).isInstanceOf(EngineException.class);
    other.put("b.exp_avg_sq", engine.zeros(DType.F32, 4));
    other.put("x.step", engine.range(1));
    assertThatThrownBy(() -> optimiser.state(other)).isInstanceOf(EngineException.class);
    assertThat(saved(optimiser, "w.exp_avg").floats()).containsExactly(before);
    assertThat(saved(optimiser, "w.step").item()).isEqualTo(1);
  }

  @Test
  void stateBeforeTheFirstStepIsRefused() {
    AdamW optimiser = optimiser();
    Map<String, Tensor> state =
        Map.of(
            "w.step",
            engine.range(1),
            "w.exp_avg",
            engine.zeros(DType.F32, 8),
            "w.exp_avg_sq",
            engine.zeros(DType.F32, 8));
    assertThatThrownBy(() -> optimiser.state(state))
        .isInstanceOf(EngineException.class)
        .hasMessage("w.step: it is 0, expected 1 or more. Take an earlier checkpoint.");
  }

  @Test
  void aParameterInTwoGroupsIsRefused() {
    assertThatThrownBy(
            () ->
                engine.adamW(
                    List.of(
                        new AdamW.Group(
                            List.of(new AdamW.Parameter("w", w), new AdamW.Parameter("w", w)),
                            1,
                            0)),
                    SETTINGS))
        .isInstanceOf(EngineException.class)
        .hasMessage("optimiser: w is there twice. Give each parameter once.");
  }
}
