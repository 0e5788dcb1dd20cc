package org.llavamed.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.inference.ModelException;

/** The safetensors format, and files that only claim to be of it. */
final class SafetensorsTest {
  @TempDir Path scratch;

  private Path file(long headerLength, String header, int... data) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(headerLength).put(text);
    for (int value : data) {
      bytes.put((byte) value);
    }
    return Files.write(scratch.resolve("x.safetensors"), bytes.array());
  }

  private Path file(String header, int... data) throws IOException {
    return file(header.length(), header, data);
  }

  private static String entry(String dtype, String shape, String offsets) {
    return "{\"w\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}"
        .formatted(dtype, shape, offsets);
  }

  private static float only(Path file) {
    float[] number = new float[1];
    new Numbers(Safetensors.read(file).values().iterator().next()).read(0, number, 0, 1);
    return number[0];
  }

  @ParameterizedTest
  @CsvSource({
    "0x3C00, 1", "0xC000, -2", "0x7BFF, 65504", "0x0001, 5.9604645E-8", "0x8001, -5.9604645E-8",
    "0x03FF, 6.097555E-5", "0x0400, 6.1035156E-5", "0x0000, 0", "0x8000, -0.0", "0x7C00, Infinity",
    "0xFC00, -Infinity", "0x7E00, NaN", "0x3555, 0.33325195"
  })
  void halfPrecisionIsExact(String bits, float expected) throws IOException {
    int half = Integer.decode(bits);
    Path file = file(entry("F16", "[1]", "[0,2]"), half & 0xff, half >> 8);
    assertThat(only(file)).isEqualTo(Float.valueOf(expected));
  }

  @ParameterizedTest
  @CsvSource({"0x3F80, 1", "0xC049, -3.140625", "0x0001, 9.18355E-41"})
  void brainFloatIsExact(String bits, float expected) throws IOException {
    int brain = Integer.decode(bits);
    Path file = file(entry("BF16", "[1]", "[0,2]"), brain & 0xff, brain >> 8);
    assertThat(only(file)).isEqualTo(Float.valueOf(expected));
  }

  @Test
  void metadataIsNoTensorAndOtherTypesMayStandBeside() throws IOException {
    String header =
        "{\"__metadata__\":{\"format\":\"pt\"},\"ids\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}";
    Map<String, StoredTensor> tensors = Safetensors.read(file(header, 1, 0, 0, 0, 0, 0, 0, 0));
    assertThat(tensors).containsOnlyKeys("ids");
    assertThatThrownBy(() -> Dtype.of(tensors.values().iterator().next()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(
            "x.safetensors, tensor ids: its type is I64, expected F32, F16 or BF16");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "F32 | [1] | [0,5] | its data_offsets are 0 to 5, the file has 4 bytes of data",
        "F32 | [1] | [3,2] | its data_offsets are 3 to 2",
        "F32 | [2] | [0,4] | F32 of shape [2] needs 8 bytes, its data_offsets span 4",
        "F32 | [-1] | [0,4] | its shape is [-1], expected whole numbers",
        "F32 | [1.5] | [0,4] | its shape is [1.5], expected whole numbers",
        "F32 | 1 | [0,4] | its shape is no list",
        "F32 | [4294967296,4294967296] | [0,4] | is too large",
        "F32 | [1] | [0,99999999999999999999] | needs dtype, shape and two data_offsets",
        "F32 | [1] | [0] | needs dtype, shape and two data_offsets",
        "F32 | [1] | {} | needs dtype, shape and two data_offsets"
      })
  void entriesThatDoNotFitTheFileAreNamed(
      String dtype, String shape, String offsets, String message) throws IOException {
    Path file = file(entry(dtype, shape, offsets), 0, 0, 0, 0);
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("x.safetensors, tensor w: ", message, "cut or damaged");
  }

  @ParameterizedTest
  @CsvSource({"-1", "9223372036854775807", "4000000000", "3", "1"})
  void aHeaderLengthBeyondTheFileIsNotAllocated(long length) throws IOException {
    Path file = file(length, "{}");
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(
            "the header's length is stated as " + Long.toUnsignedString(length), "the file has 10");
  }

  @Test
  void offsetsThatAreNoListAreNamed() throws IOException {
    Path file = file(entry("F32", "[1]", "{\"a\":0,\"b\":4}"), 0, 0, 0, 0);
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("tensor w: its entry needs dtype, shape and two data_offsets");
  }

  @Test
  void aFileOfSevenBytesIsNamed() throws IOException {
    Path file = Files.write(scratch.resolve("x.safetensors"), new byte[7]);
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("it has 7 bytes, expected at least 8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | no JSON object",
        "{\"a\": | no valid JSON",
        "{\"a\":1,\"a\":1} | Duplicate field"
      })
  void headersThatAreNoneAreNamed(String header, String message) throws IOException {
    Path file = file(header);
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aDeeplyNestedHeaderIsRefused() throws IOException {
    Path file = file("{\"w\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}");
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("nesting depth");
  }
}
