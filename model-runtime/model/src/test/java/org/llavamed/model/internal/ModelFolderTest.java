package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.inference.ModelException;

class ModelFolderTest {
  private static final String IMPORT =
      ". Import the checkpoint again with 'llavamed model import', or copy the whole folder again.";

  @TempDir Path folder;

  @BeforeEach
  void copyTheEmbeddedModel() throws IOException {
    try (Stream<Path> files = Files.walk(TinyVqa.FOLDER)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path to = folder.resolve(TinyVqa.FOLDER.relativize(file).toString());
        if (!Files.exists(to)) {
          Files.copy(file, to);
        }
      }
    }
  }

  @Test
  void theIdentityIsTheHashOfTheDescription() throws Exception {
    byte[] bytes = Files.readAllBytes(folder.resolve("llavamed.json"));
    String expected = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    assertThat(ModelFolder.open(folder).card().identity()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tokenizer.json",
        "config.json",
        "preprocessor_config.json",
        "onnx/decoder_model_merged.onnx",
        "onnx/vision_encoder.onnx_data",
        "onnx/embed_tokens.onnx_data"
      })
  void namesTheFileInWhichOneBitIsFlipped(String name) throws IOException {
    Path file = folder.resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> open())
        .isInstanceOf(ModelException.class)
        .hasMessageMatching(
            "(?s)\\Q"
                + file
                + ": is damaged: its sha256 is \\E[0-9a-f]{64}, llavamed.json states [0-9a-f]{64}\\Q"
                + IMPORT
                + "\\E");
  }

  @Test
  void namesAFileThatIsMissing() throws IOException {
    Path file = folder.resolve("onnx/decoder_model_merged.onnx_data");
    Files.delete(file);
    assertThatThrownBy(() -> open())
        .isInstanceOf(ModelException.class)
        .hasMessage(file + ": is missing (llavamed.json lists it)" + IMPORT);
  }

  @Test
  void namesAGraphThatNoHashCovers() throws IOException {
    Path file = Files.writeString(folder.resolve("onnx/other.onnx_data"), "?");
    assertThatThrownBy(() -> open())
        .isInstanceOf(ModelException.class)
        .hasMessage(
            file
                + ": is not listed in llavamed.json. Remove the file or import the checkpoint"
                + " again.");
  }

  @Test
  void namesAFolderThatIsNoModel() {
    Path none = folder.resolve("none");
    assertThatThrownBy(() -> new OnnxModelRuntime(TinyVqa.SETTINGS).open(none))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            none
                + ": is no model folder (llavamed.json is missing). Name a folder that 'llavamed"
                + " model import' made.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"architecture\" : \"llava\" | \"architecture\" : \"gpt\" | architecture is 'gpt', expected"
            + " llava or text",
        "\"eosTokenIds\" : [ | \"eosTokenIds\" : [ null, | eosTokenIds holds null, expected tokens",
        "\"files\" : { | \"files\" : { \"a\" : null, | files holds null, expected a sha256 for each"
            + " file",
        "\"layers\" : 4 | \"layers\" : 0 | layers is 0, expected 1 to 4096",
        "\"imageTokenId\" : 3 | \"imageTokenId\" : 1536 | imageTokenId is 1536, expected 0 to 1535",
        "\"config.json\" | \"../config.json\" | lists '../config.json' outside of its folder",
        "\"config.json\" | \"a\\u0000\" | lists 'a\0' outside of its folder",
      })
  void namesWhatADescriptionStatesWrongly(String from, String to, String message)
      throws IOException {
    replace(from, to);
    assertThatThrownBy(() -> open())
        .isInstanceOf(ModelException.class)
        .hasMessage(folder.resolve("llavamed.json") + ": " + message + IMPORT);
  }

  @Test
  void namesAnotherFormat() throws IOException {
    replace("\"format\" : 1", "\"format\" : 2");
    assertThatThrownBy(() -> open())
        .isInstanceOf(ModelException.class)
        .hasMessage(
            folder.resolve("llavamed.json")
                + ": format is 2, expected 1. Import the checkpoint again with this version of"
                + " llavamed, or update llavamed.");
  }

  @Test
  void namesAKeyThatIsMissing() throws IOException {
    replace("\"headSize\"", "\"headsize\"");
    assertThatThrownBy(() -> open())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(folder.resolve("llavamed.json") + ": ")
        .hasMessageContaining("headSize");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"layers\" : 4 | \"layers\" : 3 | onnx/decoder_model_merged.onnx",
        "\"vocabulary\" : 1472 | \"vocabulary\" : 1473 | onnx/embed_tokens.onnx_data",
        "\"hiddenSize\" : 192 | \"hiddenSize\" : 191 | onnx/embed_tokens.onnx",
        "\"imageTokenId\" : 3 | \"imageTokenId\" : 4 | tokenizer.json",
        "\"imageTokenId\" : 3 | \"imageTokenId\" : 1472 | onnx/embed_tokens.onnx_data",
        "\"imageTokenId\" | \"imageToken\" : \"<pic>\", \"imageTokenId\" | tokenizer.json",
        "\"imageTokenId\" | \"imageStart\" : \"<im_start>\", \"imageTokenId\" | tokenizer.json",
        "\"pictureMode\" : \"pad\" | \"pictureMode\" : \"square\" | preprocessor_config.json",
        "\"template\" : \"mistral_instruct\" | \"template\" : \"none\" | template",
      })
  void namesThePartThatDoesNotFitTheDescription(String from, String to, String part)
      throws IOException {
    replace(from, to);
    assertThatThrownBy(() -> open())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(part)
        .hasMessageContaining("expected");
  }

  @Test
  void namesABufferThatDoesNotFitTheMemory() {
    assertThatThrownBy(() -> Tensors.floats(1L << 40))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "model: one of its buffers needs 4398046511104 bytes outside of the Java heap, which are"
                + " not there. Set mostPositions lower in conf/org.llavamed.model.cfg, or start Java"
                + " with a larger -XX:MaxDirectMemorySize.");
  }

  @Test
  void settingsNameWhatIsWrong() {
    assertThatThrownBy(() -> new ModelSettings(folder, 0, 0, 64))
        .hasMessage(
            "intraOpThreads is 0, expected 0 to 256; set it in conf/org.llavamed.model.cfg");
    assertThatThrownBy(() -> new ModelSettings(folder, 1, 0, 15))
        .hasMessage(
            "mostPositions is 15, expected 16 or more; set it in conf/org.llavamed.model.cfg");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpu | auto | 0 | executionProvider is 'gpu', expected one of auto, cpu, cuda",
        "AUTO | q4 | 0 | decoderVariant is 'q4', expected one of auto, fp32, fp16, int8, int4,"
            + " int8+int4",
        "cuda | INT8+int4 | 256 | deviceId is 256, expected 0 to 255",
      })
  void sessionSettingsNameWhatIsWrong(String provider, String variant, int device, String message) {
    assertThatThrownBy(
            () ->
                new SessionSettings(
                    Spelling.read("executionProvider", provider, Provider.values()),
                    device,
                    0,
                    Spelling.read("decoderVariant", variant, DecoderVariant.values()),
                    Optional.empty(),
                    false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message + "; set it in conf/org.llavamed.model.cfg");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 64, 256, 512, 128, 'batchSize is 0, expected 1 to 256'",
    "8, 0, 256, 512, 128, 'mostWaiting is 0, expected 1 to 1048576'",
    "8, 64, -1, 512, 128, 'prefillChunk is -1, expected 0 to 1048576'",
    "8, 64, 256, -1, 128, 'prefixCacheMegabytes is -1, expected 0 to 1048576'",
    "8, 64, 256, 512, -1, 'featureCacheMegabytes is -1, expected 0 to 1048576'",
  })
  void settingsOfTheEngineNameWhatIsWrong(
      int rows, int waiting, int chunk, int prefixes, int features, String message) {
    assertThatThrownBy(() -> new EngineSettings(rows, waiting, chunk, prefixes, features))
        .hasMessage(message + "; set it in conf/org.llavamed.model.cfg");
  }

  private void replace(String from, String to) throws IOException {
    Path file = folder.resolve("llavamed.json");
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
  }

  private void open() {
    List.of(new OnnxModelRuntime(TinyVqa.SETTINGS).open(folder)).forEach(model -> model.close());
  }
}
