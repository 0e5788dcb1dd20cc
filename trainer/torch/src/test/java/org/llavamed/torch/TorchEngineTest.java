package org.llavamed.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.engine.DType;
import org.llavamed.engine.Device;
import org.llavamed.engine.Engine;
import org.llavamed.engine.EngineException;
import org.llavamed.engine.Engines;
import org.llavamed.engine.Scope;
import org.llavamed.engine.Tensor;

final class TorchEngineTest {
  private static final long MEGABYTE = 1 << 20;

  private final Engine engine = Engines.open(Device.CPU);

  @Test
  void namesItsVersion() {
    assertThat(engine.version()).isEqualTo("PyTorch by JavaCPP, 2.10.0-1.5.13");
  }

  @Test
  void devicesAreReadFromText() {
    assertThat(Device.parse("cpu")).isEqualTo(Device.CPU);
    assertThat(Device.parse("cuda")).hasToString("cuda:0");
    assertThat(Device.parse("cuda:3")).hasToString("cuda:3");
    assertThatThrownBy(() -> Device.parse("gpu"))
        .isInstanceOf(EngineException.class)
        .hasMessage("device 'gpu': it is unknown. Write cpu, cuda or cuda:N with N from 0 to 63.");
  }

  @Test
  void gpusAboveTheMostThatAProcessSeesAreRefused() {
    assertThat(Device.parse("cuda:63")).hasToString("cuda:63");
    assertThatThrownBy(() -> Device.parse("cuda:64"))
        .isInstanceOf(EngineException.class)
        .hasMessage(
            "device 'cuda:64': it is unknown. Write cpu, cuda or cuda:N with N from 0 to 63.");
  }

  @Test
  void aGpuThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> Engines.open(Device.parse("cuda:7")))
        .isInstanceOf(EngineException.class)
        .hasMessage(
            "device cuda:7: PyTorch sees 0 GPUs. Use cpu, or a GPU below that number with the GPU"
                + " build of the natives and CUDA.");
  }

  @Test
  void scopesFreeTheirTensors() {
    long before = engine.residentBytes();
    for (int i = 0; i < 50; i++) {
      assertThat(meanOfMany(i)).isEqualTo(i);
    }
    assertThat(engine.residentBytes() - before).isLessThan(100 * MEGABYTE);
  }

  private double meanOfMany(int number) {
    return engine.inScope(() -> engine.full(DType.F32, number, 4 * MEGABYTE).mean().item());
  }

  @Test
  void keptTensorsOutliveTheirScopes() {
    List<Tensor> kept = new ArrayList<>();
    try (Scope outer = engine.scope()) {
      try (Scope inner = engine.scope()) {
        kept.add(inner.keep(engine.full(DType.F32, 5, 1000)));
      }
      assertThat(kept.get(0).mean().item()).isEqualTo(5);
      kept.add(outer.keep(engine.scoped(() -> kept.get(0).plus(1))));
    }
    assertThat(kept.get(1).mean().item()).isEqualTo(6);
  }

  @Test
  void aTensorFromOutsideOfAllScopesIsNotFreedByOneThatKeepsIt() {
    Tensor made = engine.full(DType.F32, 8, 10);
    try (Scope outer = engine.scope()) {
      assertThat(outer).isNotNull();
      assertThat(engine.scoped(() -> made.dropout(0))).isSameAs(made);
    }
    assertThat(made.mean().item()).isEqualTo(8);
  }

  private Tensor withGradient(float... gradient) {
    Tensor parameter = engine.zeros(DType.F32, gradient.length).requireGradient(true);
    parameter.backward(engine.floats(FloatBuffer.wrap(gradient), gradient.length));
    return parameter;
  }

  private static float[] gradient(Tensor parameter) {
    return parameter.gradient().orElseThrow().floats();
  }

  @Test
  void gradientsAreClippedToANorm() {
    Tensor first = withGradient(3, 0);
    Tensor second = withGradient(4);
    Tensor without = engine.zeros(DType.F32, 2).requireGradient(true);
    List<Tensor> all = List.of(first, second, without);
    assertThat(engine.gradientNorm(all)).isEqualTo(5);
    assertThat(engine.clipGradients(all, 6)).isEqualTo(5);
    assertThat(gradient(first)).containsExactly(3, 0);
    assertThat(engine.clipGradients(all, 1)).isEqualTo(5);
    assertThat(gradient(first)).containsExactly(new float[] {0.6f, 0}, within(1e-6f));
    assertThat(gradient(second)).containsExactly(new float[] {0.8f}, within(1e-6f));
    assertThat(engine.gradientNorm(List.of(without))).isZero();
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.POSITIVE_INFINITY, Float.NaN})
  void gradientsStayAsTheyAreWhereTheirNormIsNoNumber(float bad) {
    Tensor parameter = withGradient(3, bad);
    assertThat(engine.gradientNorm(List.of(parameter))).isEqualTo(Double.valueOf(bad));
    assertThat(gradient(parameter)).isEqualTo(new float[] {3, bad});
    assertThat(engine.clipGradients(List.of(parameter), 1)).isEqualTo(Double.valueOf(bad));
    assertThat(gradient(parameter)).isEqualTo(new float[] {3, bad});
  }

  @Test
  void aSeedGivesTheSameNumbersAgain() {
    engine.seed(11);
    float[] first = engine.normal(1, 20).floats();
    engine.seed(11);
    assertThat(engine.normal(1, 20).floats()).containsExactly(first);
    assertThat(engine.normal(1, 20).floats()).isNotEqualTo(first);
  }

  @Test
  void randomNumbersGoOnFromASavedState() {
    engine.seed(12);
    engine.uniform(7);
    byte[] state = engine.randomState();
    float[] dropped = engine.full(DType.F32, 1, 100).dropout(0.5).floats();
    float[] after = engine.normal(1, 3).floats();
    engine.seed(99);
    engine.randomState(state);
    assertThat(engine.full(DType.F32, 1, 100).dropout(0.5).floats()).containsExactly(dropped);
    assertThat(engine.normal(1, 3).floats()).containsExactly(after);
    assertThat(dropped).contains(0f, 2f);
  }

  @Test
  void aRandomStateOfAnotherLengthIsRefused() {
    int length = engine.randomState().length;
    assertThatThrownBy(() -> engine.randomState(new byte[5]))
        .isInstanceOf(EngineException.class)
        .hasMessage(
            "random state: it has 5 bytes, expected %d on cpu. Resume on the kind of device that"
                    .formatted(length)
                + " wrote it.");
  }

  @Test
  void threadsAreCounted() {
    engine.threads(1);
    assertThat(engine.threads()).isEqualTo(1);
    assertThatThrownBy(() -> engine.threads(0))
        .isInstanceOf(EngineException.class)
        .hasMessage("threads: they are 0, expected 1 or more. Set 1 or more.");
  }
}
