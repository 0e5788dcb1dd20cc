package org.llavamed.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavamed.engine.Attention;
import org.llavamed.engine.DType;
import org.llavamed.engine.Device;
import org.llavamed.engine.Engine;
import org.llavamed.engine.EngineException;
import org.llavamed.engine.Engines;
import org.llavamed.engine.Tensor;

final class TorchTensorTest {
  private static final float NEAR = 1e-6f;

  private final Engine engine = Engines.open(Device.CPU);

  private Tensor of(float... numbers) {
    return engine.floats(FloatBuffer.wrap(numbers), numbers.length);
  }

  private Tensor ids(long... numbers) {
    return engine.longs(LongBuffer.wrap(numbers), numbers.length);
  }

  @Test
  void numbersComeBackAsTheyWentIn() {
    Tensor tensor = engine.floats(FloatBuffer.wrap(new float[] {1, 2, 3, 4, 5, 6}), 2, 3);
    assertThat(tensor.shape()).containsExactly(2L, 3L);
    assertThat(tensor.transpose(0, 1).floats()).containsExactly(1, 4, 2, 5, 3, 6);
    assertThat(ids(-100, 7).longs()).containsExactly(-100, 7);
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    tensor.read(8, bytes);
    assertThat(bytes.flip().getFloat()).isEqualTo(3);
    assertThat(bytes.getFloat()).isEqualTo(4);
    assertThat(engine.zeros(DType.F32, 0).floats()).isEmpty();
  }

  @Test
  void halfPrecisionBytesAreRead() {
    ByteBuffer bytes = ByteBuffer.allocateDirect(4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putShort((short) 0x3c00).putShort((short) 0xc000).flip();
    assertThat(engine.tensor(DType.F16, bytes, 2).floats()).containsExactly(1, -2);
    bytes.putShort(0, (short) 0x3f80).putShort(2, (short) 0xc000);
    assertThat(engine.tensor(DType.BF16, bytes, 2).floats()).containsExactly(1, -2);
  }

  @Test
  void aWrongCountOfNumbersIsRefused() {
    assertThatThrownBy(() -> engine.floats(FloatBuffer.allocate(5), 2, 3))
        .isInstanceOf(EngineException.class)
        .hasMessage(
            "tensor: F32 of shape [2, 3] needs 24 bytes, 20 were given. Give as many as the shape"
                + " needs.");
  }

  @Test
  void shapesThatDoNotFitAreNamed() {
    assertThatThrownBy(() -> engine.zeros(DType.F32, 2, 3).matmul(engine.zeros(DType.F32, 4, 5)))
        .isInstanceOf(EngineException.class)
        .hasMessageStartingWith(
            "matmul of F32 [2, 3] and F32 [4, 5]: PyTorch refused it (mat1 and mat2 shapes cannot"
                + " be multiplied")
        .hasMessageEndingWith("Check the shapes and types of what it was given.");
  }

  @Test
  void normalisesByTheRootMeanSquare() {
    float root = (float) Math.sqrt((1 + 4 + 9 + 16) / 4.0 + 0.5);
    assertThat(of(1, 2, 3, 4).rmsNorm(of(1, 1, 2, 1), 0.5).floats())
        .containsExactly(new float[] {1 / root, 2 / root, 6 / root, 4 / root}, within(NEAR));
  }

  @Test
  void normalisesByMeanAndVariance() {
    float deviation = (float) Math.sqrt(1.25 + 1e-5);
    assertThat(of(1, 2, 3, 4).layerNorm(of(1, 1, 1, 2), of(0, 1, 0, 0), 1e-5).floats())
        .containsExactly(
            new float[] {
              -1.5f / deviation, -0.5f / deviation + 1, 0.5f / deviation, 3f / deviation
            },
            within(NEAR));
  }

  @Test
  void activationsHaveTheirFormulas() {
    assertThat(of(2).silu().item()).isCloseTo(2 / (1 + Math.exp(-2)), within(1e-6));
    assertThat(of(2).quickGelu().item()).isCloseTo(2 / (1 + Math.exp(-3.404)), within(1e-6));
    assertThat(of(1).gelu().item()).isCloseTo(0.8413447460685429, within(1e-6));
  }

  @Test
  void headsOfKeysServeNeighbouringHeadsOfQueries() {
    engine.seed(3);
    Tensor queries = engine.normal(1, 1, 4, 3, 2);
    Tensor keys = engine.normal(1, 1, 2, 3, 2);
    Tensor values = engine.normal(1, 1, 2, 3, 2);
    Tensor order = ids(0, 0, 1, 1);
    Tensor repeated =
        queries.attention(keys.select(1, order), values.select(1, order), Attention.CAUSAL);
    assertThat(queries.attention(keys, values, Attention.CAUSAL).floats())
        .containsExactly(repeated.floats(), within(NEAR));
  }

  @Test
  void causalAttentionSeesThePositionsBefore() {
    engine.seed(3);
    Tensor queries = engine.normal(1, 1, 1, 3, 2);
    Tensor keys = engine.normal(1, 1, 1, 3, 2);
    Tensor values = engine.normal(1, 1, 1, 3, 2);
    float[] causal = queries.attention(keys, values, Attention.CAUSAL).floats();
    float[] scores = queries.matmul(keys.transpose(-2, -1)).times(1 / Math.sqrt(2)).floats();
    float[] v = values.floats();
    assertThat(causal[0]).isCloseTo(v[0], within(NEAR));
    double a = Math.exp(scores[3]);
    double b = Math.exp(scores[4]);
    assertThat((double) causal[2]).isCloseTo((a * v[0] + b * v[2]) / (a + b), within(1e-6));
    Tensor mask =
        engine
            .range(3)
            .view(3, 1)
            .plus(engine.range(3).negative())
            .plus(engine.full(DType.I64, 0, 3, 3));
    Tensor hidden = mask.equalTo(-1).to(DType.I64).plus(mask.equalTo(-2).to(DType.I64));
    assertThat(queries.attention(keys, values, Attention.masked(hidden.equalTo(0))).floats())
        .containsExactly(causal, within(NEAR));
  }

  @Test
  void ignoredLabelsTakeNoPartInTheLoss() {
    Tensor logits = engine.floats(FloatBuffer.wrap(new float[] {1, 2, 3, 0, 0, 0, 9, 9, 9}), 3, 3);
    double first = Math.log(Math.exp(1) + Math.exp(2) + Math.exp(3)) - 2;
    double second = Math.log(3);
    Tensor labels = ids(1, 2, Tensor.IGNORED);
    assertThat(logits.crossEntropy(labels).item()).isCloseTo((first + second) / 2, within(1e-6));
    assertThat(logits.crossEntropySum(labels).item()).isCloseTo(first + second, within(1e-6));
    Tensor none = ids(Tensor.IGNORED, Tensor.IGNORED, Tensor.IGNORED);
    assertThat(logits.crossEntropySum(none).item()).isZero();
  }

  @Test
  void convolutionWithAStrideOfItsKernelIsAProductOfPatches() {
    Tensor picture = engine.range(16).to(DType.F32).view(1, 1, 4, 4);
    Tensor kernel = engine.full(DType.F32, 1, 1, 1, 2, 2);
    assertThat(picture.conv2d(kernel, of(100), 2).floats()).containsExactly(110, 118, 142, 150);
  }

  @Test
  void scatteredFeaturesCarryGradients() {
    Tensor words = of(1, 2, 3, 4).requireGradient(true);
    Tensor features = of(10, 20).requireGradient(true);
    Tensor mask = ids(0, 1, 0, 1).equalTo(1);
    Tensor mixed = words.maskedScatter(mask, features);
    assertThat(mixed.floats()).containsExactly(1, 10, 3, 20);
    mixed.times(of(1, 2, 3, 4)).sum().backward();
    assertThat(features.gradient().orElseThrow().floats()).containsExactly(2, 4);
    assertThat(words.gradient().orElseThrow().floats()).containsExactly(1, 0, 3, 0);
  }

  @Test
  void gradientsAddUpUntilTheyAreCleared() {
    Tensor x = of(3).requireGradient(true);
    assertThat(x.gradient()).isEmpty();
    x.square().sum().backward();
    x.square().backward(of(2));
    assertThat(x.gradient().orElseThrow().item()).isEqualTo(18);
    x.clearGradient();
    assertThat(x.gradient()).isEmpty();
  }

  @Test
  void nothingIsRecordedWithoutGradients() {
    Tensor x = of(3).requireGradient(true);
    assertThat(engine.noGrad(x::square).requiresGradient()).isFalse();
    assertThat(x.square().requiresGradient()).isTrue();
    assertThat(x.square().detach().requiresGradient()).isFalse();
  }

  @Test
  void clippingScalesTheNormOfAllGradients() {
    Tensor x = of(1).requireGradient(true);
    Tensor y = of(1).requireGradient(true);
    Tensor z = of(1).requireGradient(true);
    assertThat(engine.clipGradients(List.of(x, y, z), 1)).isZero();
    x.times(3).plus(y.times(4)).sum().backward();
    assertThat(engine.gradientNorm(List.of(x, y, z))).isCloseTo(5, within(1e-6));
    assertThat(engine.clipGradients(List.of(x, y, z), 1)).isCloseTo(5, within(1e-6));
    assertThat(x.gradient().orElseThrow().item()).isCloseTo(0.6, within(1e-5));
    assertThat(y.gradient().orElseThrow().item()).isCloseTo(0.8, within(1e-5));
    x.times(Double.NaN).sum().backward();
    assertThat(engine.gradientNorm(List.of(x, y, z))).isNaN();
    assertThat(x.gradient().orElseThrow().isFinite()).isFalse();
  }

  @Test
  void autocastComputesProductsInBf16AndTheLossWithGradientsInFloat() {
    Tensor x = engine.full(DType.F32, 1, 2, 2);
    Tensor weight = engine.full(DType.F32, 1, 2, 2).requireGradient(true);
    Tensor product = engine.autocast(() -> x.linear(weight));
    assertThat(product.type()).isEqualTo(DType.BF16);
    product.to(DType.F32).sum().backward();
    assertThat(weight.gradient().orElseThrow().type()).isEqualTo(DType.F32);
    assertThat(x.linear(weight).type()).isEqualTo(DType.F32);
    assertThat(engine.hasBf16()).isFalse();
  }
}
