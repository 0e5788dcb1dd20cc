package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.ModelInspection;
import org.llavamed.inference.Precision;

/** One decoder of a folder, looked at alone. */
final class DecoderInspectionTest {
  private static final ModelSettings ASKS_FOR_INT4 =
      TinyVqa.SETTINGS.with(
          new SessionSettings(
              Provider.CPU, 0, 0, DecoderVariant.INT4, Optional.of(Path.of("cache")), false));

  @TempDir Path scratch;

  private ModelFolder folder() throws IOException {
    return Variants.make(scratch.resolve("m"), List.of("_int8", "_q4"), List.of(""));
  }

  @Test
  void theDecoderThatIsNamedIsRunWhateverTheConfigurationAsksFor() throws IOException {
    Path path = folder().path();
    ModelInspection model = new OnnxModelRuntime(ASKS_FOR_INT4).inspect(path, Precision.INT8);
    FloatBuffer features = model.imageFeatures(FloatBuffer.allocate(3 * 224 * 224));
    assertThat(features.remaining()).isEqualTo(49 * 192);
    assertThat(model.logits(List.of(1, 20, 30), Optional.empty(), 2)).hasSize(2);
    assertThatThrownBy(() -> model.logits(Collections.nCopies(65, 5), Optional.empty(), 65))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("is 64, the prompt and its answer need 65 positions");
    model.close();
    ModelSettings settings = ASKS_FOR_INT4.forOneDecoder(DecoderVariant.INT8);
    Backend backend = new Backend(false, false, "the CPU: a test");
    try (ModelParts parts =
        new ModelOpener(settings, Machine.here(), backend).openDecoder(ModelFolder.open(path))) {
      assertThat(parts.decoder().graphs().step().file())
          .hasFileName("decoder_model_merged_int8.onnx");
      assertThat(parts.decoder().graphs().prefill()).isEqualTo(parts.decoder().graphs().step());
    }
    assertThatThrownBy(() -> model.logits(List.of(1), Optional.empty(), 1))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("the model is closed");
  }

  @Test
  void aPrecisionThatTheFolderLacksIsNamed() throws IOException {
    Path path = folder().path();
    OnnxModelRuntime runtime = new OnnxModelRuntime(ASKS_FOR_INT4);
    assertThatThrownBy(() -> runtime.inspect(path, Precision.FP16))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("has no decoder in fp16")
        .asInstanceOf(InstanceOfAssertFactories.type(ModelException.class))
        .returns(false, ModelException::isOutOfMemory);
  }

  @Test
  void lackOfMemoryIsToldFromOtherErrors() throws IOException {
    ModelFolder folder = folder();
    Machine small = new Machine("small", List.of(), 1, 1, new Memory(100_000_000, 50_000_000));
    ModelOpener opener =
        new ModelOpener(
            TinyVqa.SETTINGS.forOneDecoder(DecoderVariant.INT8),
            small,
            new Backend(false, false, "the CPU: a test"));
    assertThatThrownBy(() -> new DecoderInspection(folder, opener, closed -> {}))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("key-value cache of 64 positions")
        .asInstanceOf(InstanceOfAssertFactories.type(ModelException.class))
        .returns(true, ModelException::isOutOfMemory);
  }
}
