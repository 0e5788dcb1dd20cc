package org.llavamed.learning.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.engine.DType;
import org.llavamed.engine.Device;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Engines;
import org.llavamed.engine.Tensor;
import org.llavamed.inference.ModelException;
import org.llavamed.learning.TrainingException;

final class TensorFileTest {
  @TempDir Path scratch;

  private final Engine engine = Engines.open(Device.CPU);

  @Test
  void tensorsOfAllTypesComeBackAsTheyWere() throws IOException {
    Tensor floats = engine.floats(FloatBuffer.wrap(new float[] {1, -2.5f, 65504, 1e-3f}), 2, 2);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("f32", floats.transpose(0, 1));
    tensors.put("f16", floats.to(DType.F16));
    tensors.put("bf16", floats.to(DType.BF16));
    tensors.put("i64", engine.longs(LongBuffer.wrap(new long[] {Long.MIN_VALUE, 7}), 2));
    tensors.put("bool", engine.range(3).equalTo(1));
    tensors.put("empty", engine.zeros(DType.F32, 0, 4));
    tensors.put("step", engine.full(DType.I64, 12));
    Path file = scratch.resolve("x.safetensors");
    TensorFile.write(engine, file, tensors);
    Map<String, Tensor> back = TensorFile.read(engine, file);
    assertThat(back.keySet()).containsExactlyElementsOf(tensors.keySet());
    back.forEach(
        (name, tensor) -> {
          Tensor original = Objects.requireNonNull(tensors.get(name));
          assertThat(tensor.shape()).as(name).isEqualTo(original.shape());
          assertThat(tensor.type()).as(name).isEqualTo(original.type());
          assertThat(tensor.floats()).as(name).containsExactly(original.floats());
        });
    assertThat(Objects.requireNonNull(back.get("i64")).longs()).containsExactly(Long.MIN_VALUE, 7);
    try (var files = Files.list(scratch)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void largeTensorsAreCopiedInPieces() {
    long size = (1 << 22) + 5;
    Path file = scratch.resolve("x.safetensors");
    Tensor large = engine.range(size);
    TensorFile.write(engine, file, Map.of("large", large));
    Tensor back = TensorFile.read(engine, file).get("large");
    assertThat(back).isNotNull();
    assertThat(back.longs()).isEqualTo(large.longs()); // containsExactly takes quadratic time
  }

  @Test
  void numbersThatAnotherTypeDoesNotHoldAreRefused() throws IOException {
    Path file = scratch.resolve("x.safetensors");
    Map<String, Tensor> large = Map.of("large", engine.full(DType.F32, 70000, 2));
    assertThatThrownBy(() -> TensorFile.write(engine, file, large, Optional.of(DType.F16)))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            file + ", tensor large: it has numbers that F16 does not hold. Write F32 or BF16.");
    try (var files = Files.list(scratch)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    Path file = scratch.resolve("absent/x.safetensors");
    assertThatThrownBy(() -> TensorFile.write(engine, file, Map.of("a", engine.range(1))))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            file + ": it cannot be written, since its folder is not there. Make the folder.");
  }

  @Test
  void damagedFilesAreRefused() throws IOException {
    Path file = scratch.resolve("x.safetensors");
    TensorFile.write(engine, file, Map.of("a", engine.range(10)));
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 8));
    assertThatThrownBy(() -> TensorFile.read(engine, file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("tensor a: its data_offsets are 0 to 80, the file has 72 bytes");
    byte[] header =
        "{\"w\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[0,4]}}"
            .getBytes(StandardCharsets.UTF_8);
    byte[] other = new byte[8 + header.length + 4];
    other[0] = (byte) header.length;
    System.arraycopy(header, 0, other, 8, header.length);
    Files.write(file, other);
    assertThatThrownBy(() -> TensorFile.read(engine, file))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            file
                + ", tensor w: its type I32 of shape [1] in 4 bytes is not read. Write it as one of"
                + " F32, F16, BF16, I64, U8, BOOL.");
  }
}
