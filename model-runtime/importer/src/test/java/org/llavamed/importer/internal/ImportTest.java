package org.llavamed.importer.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.inference.ImportRequest;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Precisions;
import org.llavamed.inference.Progress;

/** What an import writes beside the graphs. */
final class ImportTest {
  @TempDir Path scratch;
  private Path checkpoint = Path.of("");
  private Path out = Path.of("");

  @BeforeEach
  void copy() throws IOException {
    checkpoint = Variant.copyInto(scratch.resolve("variant"));
    out = scratch.resolve("model");
  }

  private ModelCard run(Precision precision, Progress progress) {
    return Imports.importer()
        .importCheckpoint(ImportRequest.of(checkpoint, out, Precisions.of(precision)), progress);
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void theCardNamesEveryFileByItsHashAndIsNamedByItsOwn()
      throws IOException, NoSuchAlgorithmException {
    ModelCard card = run(Precision.INT8, Progress.NONE);
    JsonNode written = json(out.resolve("llavamed.json"));
    List<String> names = new ArrayList<>();
    written.path("files").fieldNames().forEachRemaining(names::add);
    assertThat(names)
        .containsExactly(
            "config.json",
            "onnx/decoder_model_merged_int8.onnx",
            "onnx/decoder_model_merged_int8.onnx_data",
            "onnx/embed_tokens.onnx",
            "onnx/embed_tokens.onnx_data",
            "onnx/vision_encoder.onnx",
            "onnx/vision_encoder.onnx_data",
            "preprocessor_config.json",
            "processor_config.json",
            "tokenizer.json",
            "tokenizer_config.json");
    for (String name : names) {
      assertThat(written.path("files").path(name).asText())
          .isEqualTo(sha256(Files.readAllBytes(out.resolve(name))));
    }
    ((ObjectNode) written).remove("selfCheck");
    assertThat(card.identity()).isEqualTo(sha256(written.toString().getBytes(UTF_8)));
    assertThat(card.precision()).isEqualTo("int8");
  }

  @Test
  void theCardHasTheShapeOfTheModelInTheAgreedOrder() throws IOException {
    run(Precision.FP32, Progress.NONE);
    JsonNode card = json(out.resolve("llavamed.json"));
    List<String> keys = new ArrayList<>();
    card.fieldNames().forEachRemaining(keys::add);
    assertThat(keys)
        .containsExactly(
            "format",
            "name",
            "version",
            "architecture",
            "precision",
            "template",
            "pictureMode",
            "preparation",
            "imageSide",
            "imageTokens",
            "imageTokenId",
            "hiddenSize",
            "vocabulary",
            "layers",
            "kvHeads",
            "headSize",
            "context",
            "bosTokenId",
            "eosTokenIds",
            "licence",
            "source",
            "files",
            "selfCheck");
    assertThat(card.path("name").asText()).isEqualTo("variant");
    assertThat(card.path("preparation").asText()).isEqualTo("clip-square-32-bicubic");
    assertThat(card.path("template").asText()).isEqualTo("mistral_instruct");
    assertThat(card.path("imageTokens").asInt()).isEqualTo(17);
    assertThat(card.path("headSize").asInt()).isEqualTo(16);
    assertThat(card.path("kvHeads").asInt()).isEqualTo(2);
    assertThat(card.path("context").asInt()).isEqualTo(128);
    assertThat(card.path("eosTokenIds").path(0).asInt()).isEqualTo(2);
    assertThat(card.path("licence").asText()).isEqualTo("not stated");
  }

  @Test
  void theModelFolderIsAsOpenToOthersAsAnyNewFolder() throws IOException {
    run(Precision.FP32, Progress.NONE);
    Path other = Files.createDirectory(out.resolveSibling("other"));
    assertThat(Files.getPosixFilePermissions(out)).isEqualTo(Files.getPosixFilePermissions(other));
  }

  @Test
  void theLicenceIsReadFromTheHeadOfTheReadme() throws IOException {
    Files.writeString(
        checkpoint.resolve("README.md"), "---\ntags: [x]\nlicense: cc-by-nc-4.0\n---\n# Model\n");
    assertThat(run(Precision.FP32, Progress.NONE).licence()).isEqualTo("cc-by-nc-4.0");
  }

  @Test
  void aSlidingWindowLimitsTheContext() throws IOException {
    Variant.edit(
        checkpoint.resolve("config.json"),
        node -> node.withObject("text_config").put("sliding_window", 96));
    run(Precision.FP32, Progress.NONE);
    assertThat(json(out.resolve("llavamed.json")).path("context").asInt()).isEqualTo(96);
  }

  @Test
  void severalEndTokensOfTheGenerationConfigurationAreTaken() throws IOException {
    Files.writeString(
        checkpoint.resolve("generation_config.json"),
        "{\"bos_token_id\":7,\"eos_token_id\":[2,5]}");
    run(Precision.FP32, Progress.NONE);
    JsonNode card = json(out.resolve("llavamed.json"));
    assertThat(card.path("eosTokenIds").toString()).isEqualTo("[2,5]");
    assertThat(card.path("bosTokenId").asInt()).isEqualTo(7);
    assertThat(out.resolve("generation_config.json")).exists();
  }

  @Test
  void twoImportsGiveTheSameBytes() {
    String first = run(Precision.FP32, Progress.NONE).identity();
    out = scratch.resolve("again");
    assertThat(run(Precision.FP32, Progress.NONE).identity()).isEqualTo(first);
  }

  @Test
  void progressGrowsToTheWhole() {
    List<Long> done = new ArrayList<>();
    List<Long> totals = new ArrayList<>();
    run(
        Precision.INT8,
        (what, now, total) -> {
          done.add(now);
          totals.add(total);
        });
    assertThat(done).isSorted().hasSizeGreaterThan(50);
    assertThat(done.get(done.size() - 1)).isEqualTo(totals.get(0)).isPositive();
    assertThat(totals).containsOnly(totals.get(0));
  }

  @Test
  void weightsBeginAtMultiplesOf4096() throws IOException {
    run(Precision.FP32, Progress.NONE);
    List<Long> offsets =
        initializers("decoder_model_merged").stream()
            .filter(tensor -> tensor.getExternalDataCount() > 0)
            .map(tensor -> number(tensor, "offset"))
            .toList();
    assertThat(offsets).hasSizeGreaterThan(20).allMatch(offset -> offset % 4096 == 0);
  }

  @Test
  void wholeNumbersAreSmallEnoughForProcessorsThatAddTwoProductsIn16Bits() throws IOException {
    run(Precision.INT8, Progress.NONE);
    byte[] data = Files.readAllBytes(out.resolve("onnx/decoder_model_merged_int8.onnx_data"));
    int largest = 0;
    int matrices = 0;
    for (TensorProto tensor : initializers("decoder_model_merged_int8")) {
      if (tensor.getDataType() == DataType.INT8.getNumber()) {
        int offset = Math.toIntExact(number(tensor, "offset"));
        for (int i = 0; i < number(tensor, "length"); i++) {
          largest = Math.max(largest, Math.abs(data[offset + i]));
        }
        matrices++;
      }
    }
    assertThat(matrices).as("seven a layer and the output's").isEqualTo(15);
    assertThat(largest).isEqualTo(63);
    assertThat(2 * 255 * largest).isLessThanOrEqualTo(Short.MAX_VALUE);
  }

  private List<TensorProto> initializers(String graph) throws IOException {
    byte[] bytes = Files.readAllBytes(out.resolve("onnx/" + graph + ".onnx"));
    return ModelProto.parseFrom(bytes).getGraph().getInitializerList();
  }

  private static long number(TensorProto tensor, String key) {
    return tensor.getExternalDataList().stream()
        .filter(entry -> entry.getKey().equals(key))
        .mapToLong(entry -> Long.parseLong(entry.getValue()))
        .findFirst()
        .orElseThrow();
  }
}
