package org.llavamed.importer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.inference.ImportRequest;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.Precisions;
import org.llavamed.inference.Progress;

/** What is written beside the graphs for checkpoints of the original LLaVA code and of texts. */
final class OriginalLayoutTest {
  @TempDir Path scratch;

  private Path imported(String layout) {
    Path out = scratch.resolve("model-" + layout);
    run(new Layout(layout).request(out, Precisions.FP32));
    return out;
  }

  private static ModelCard run(ImportRequest request) {
    return Imports.importer().importCheckpoint(request, Progress.NONE);
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  @Test
  void aPictureTokenThatTheTokenizerLacksLiesBehindTheVocabulary() throws IOException {
    Path out = imported("med15-linear");
    JsonNode card = json(out.resolve("llavamed.json"));
    assertThat(card.path("vocabulary").asInt()).isEqualTo(320);
    assertThat(card.path("imageTokenId").asInt()).isEqualTo(320);
    assertThat(card.has("imageToken")).isFalse();
    assertThat(card.has("imageStart")).isFalse();
    JsonNode added = json(out.resolve("tokenizer.json")).path("added_tokens");
    JsonNode last = added.get(added.size() - 1);
    assertThat(last.path("content").asText()).isEqualTo("<image>");
    assertThat(last.path("id").asInt()).isEqualTo(320);
    assertThat(last.path("special").asBoolean()).isTrue();
    byte[] table = Files.readAllBytes(out.resolve("onnx/embed_tokens.onnx_data"));
    int row = 32 * Float.BYTES;
    assertThat(table).hasSize(321 * row);
    assertThat(Arrays.copyOfRange(table, 320 * row, table.length)).containsOnly(0);
    assertThat(ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN).getFloat(319 * row))
        .isNotZero();
  }

  @Test
  void theConfigurationIsThatOfALlavaForConditionalGeneration() throws IOException {
    JsonNode config = json(imported("med15-mlp3x-class").resolve("config.json"));
    assertThat(config.path("architectures").toString())
        .isEqualTo("[\"LlavaForConditionalGeneration\"]");
    assertThat(config.path("model_type").asText()).isEqualTo("llava");
    assertThat(config.path("image_token_index").asInt()).isEqualTo(320);
    assertThat(config.path("image_seq_length").asInt()).isEqualTo(26);
    assertThat(config.path("vision_feature_layer").asInt()).isEqualTo(-2);
    assertThat(config.path("vision_feature_select_strategy").asText()).isEqualTo("full");
    JsonNode text = config.path("text_config");
    assertThat(text.path("model_type").asText()).isEqualTo("mistral");
    assertThat(text.path("num_key_value_heads").asInt()).isEqualTo(2);
    assertThat(text.path("vocab_size").asInt()).isEqualTo(320);
    assertThat(text.has("mm_hidden_size")).isFalse();
    JsonNode vision = config.path("vision_config");
    assertThat(vision.path("model_type").asText()).isEqualTo("clip_vision_model");
    assertThat(vision.path("image_size").asInt()).isEqualTo(40);
    assertThat(vision.path("patch_size").asInt()).isEqualTo(8);
    assertThat(vision.path("intermediate_size").asInt()).isEqualTo(96);
    assertThat(vision.path("num_hidden_layers").asInt()).isEqualTo(2);
  }

  @Test
  void theTokenizersLimitIsTheContextAndPicturesArePaddedWhereTheConfigurationSaysSo()
      throws IOException {
    JsonNode card = json(imported("med15-linear").resolve("llavamed.json"));
    assertThat(card.path("context").asInt()).isEqualTo(128);
    assertThat(card.path("preparation").asText()).isEqualTo("clip-pad-24-bicubic");
    assertThat(card.path("template").asText()).isEqualTo("mistral_instruct");
  }

  @Test
  void versionOneHasTokensOfItsOwnForPictures() throws IOException {
    Path out = imported("med10");
    JsonNode card = json(out.resolve("llavamed.json"));
    assertThat(card.path("imageTokenId").asInt()).isEqualTo(321);
    assertThat(card.path("vocabulary").asInt()).isEqualTo(324);
    assertThat(card.path("imageToken").asText()).isEqualTo("<im_patch>");
    assertThat(card.path("imageStart").asText()).isEqualTo("<im_start>");
    assertThat(card.path("imageEnd").asText()).isEqualTo("<im_end>");
    assertThat(card.path("template").asText()).isEqualTo("llava_med_v1_trained");
    assertThat(card.path("preparation").asText()).isEqualTo("clip-square-28-bicubic");
    assertThat(json(out.resolve("processor_config.json")).path("image_token").asText())
        .isEqualTo("<im_patch>");
    assertThat(out.resolve("onnx/embed_tokens.onnx_data")).hasSize(324 * 32 * 4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"embed_tokens", "decoder_model_merged", "vision_encoder"})
  void deltasAndTheirBaseGiveTheNumbersOfTheWhole(String graph) throws IOException {
    String data = "onnx/" + graph + ".onnx_data";
    FloatBuffer whole = floats(imported("med10").resolve(data));
    FloatBuffer sum = floats(imported("med10-delta").resolve(data));
    assertThat(sum.capacity()).isEqualTo(whole.capacity());
    for (int i = 0; i < whole.capacity(); i++) {
      assertThat(sum.get(i) == whole.get(i)).as("number %d of %s", i, data).isTrue();
    }
  }

  private static FloatBuffer floats(Path file) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  @Test
  void aTextModelHasNoTowerAndNoPicture() throws IOException {
    Path out = imported("text-gqa-mistral");
    JsonNode card = json(out.resolve("llavamed.json"));
    assertThat(card.path("architecture").asText()).isEqualTo("text");
    assertThat(card.path("template").asText()).isEqualTo("plain");
    assertThat(card.path("pictureMode").asText()).isEqualTo("none");
    assertThat(card.path("preparation").asText()).isEqualTo("none");
    for (String key : List.of("imageSide", "imageTokens", "imageTokenId")) {
      assertThat(card.path(key).asInt(-1)).as(key).isZero();
    }
    assertThat(out.resolve("onnx/vision_encoder.onnx")).doesNotExist();
    assertThat(out.resolve("preprocessor_config.json")).doesNotExist();
    assertThat(out.resolve("processor_config.json")).doesNotExist();
  }

  @Test
  void aTextModelNeedsNothingButConfigurationTokenizerAndWeights() throws IOException {
    Path checkpoint = new Layout("text-mha-llama").copyInto(scratch.resolve("bare"));
    Files.delete(checkpoint.resolve("tokenizer_config.json"));
    Files.delete(checkpoint.resolve("generation_config.json"));
    Path out = scratch.resolve("model");
    run(ImportRequest.of(checkpoint, out, Precisions.FP32));
    assertThat(json(out.resolve("tokenizer_config.json")).path("tokenizer_class").asText())
        .isEqualTo("PreTrainedTokenizerFast");
    assertThat(json(out.resolve("llavamed.json")).path("eosTokenIds").toString()).isEqualTo("[2]");
  }

  @ParameterizedTest
  @CsvSource({
    "'[INST] {{ m }} [/INST]', mistral_instruct",
    "USER: {{ m }} ASSISTANT:, vicuna_v1",
    "{# llavamed template: llava_med_v1_trained #}USER: {{ m }}, llava_med_v1_trained",
    "'', plain"
  })
  void theChatTemplateOfATextModelNamesItsTemplate(String chat, String template)
      throws IOException {
    Path checkpoint = new Layout("text-mha-llama").copyInto(scratch.resolve("chat"));
    Variant.edit(
        checkpoint.resolve("tokenizer_config.json"), node -> node.put("chat_template", chat));
    ModelCard card = run(ImportRequest.of(checkpoint, scratch.resolve("model"), Precisions.FP32));
    assertThat(card.template()).isEqualTo(template);
  }

  @Test
  void aTemplateThatIsNamedStandsForTheOneThatIsFound() {
    ImportRequest found = new Layout("med10").request(scratch.resolve("model"), Precisions.FP32);
    ImportRequest named =
        new ImportRequest(
            found.checkpoint(),
            found.base(),
            found.visionTower(),
            found.out(),
            Optional.of("llava_med_v1_released"),
            found.precisions(),
            found.anyQuality());
    assertThat(run(named).template()).isEqualTo("llava_med_v1_released");
  }

  @Test
  void llavaOfALlamaWithoutMarksSpeaksAsVicuna() throws IOException {
    Path checkpoint = new Layout("med10").copyInto(scratch.resolve("llava-1.5"));
    Variant.edit(checkpoint.resolve("config.json"), node -> node.put("mm_use_im_start_end", false));
    ImportRequest whole = new Layout("med10").request(scratch.resolve("model"), Precisions.FP32);
    ImportRequest request =
        new ImportRequest(
            checkpoint,
            Optional.empty(),
            whole.visionTower(),
            whole.out(),
            Optional.empty(),
            Precisions.FP32,
            true);
    assertThat(run(request).template()).isEqualTo("vicuna_v1");
    assertThat(json(whole.out().resolve("llavamed.json")).has("imageStart")).isFalse();
  }

  @Test
  void theTunedTowerOfTheCheckpointIsUsedWithTheFiguresOfTheFolder() throws IOException {
    Path tower = Files.createDirectory(scratch.resolve("tower"));
    JsonNode figures = json(imported("med15-mlp2x").resolve("config.json")).path("vision_config");
    new ObjectMapper().writeValue(tower.resolve("config.json").toFile(), figures);
    Files.copy(
        scratch.resolve("model-med15-mlp2x/preprocessor_config.json"),
        tower.resolve("preprocessor_config.json"));
    Path checkpoint = new Layout("med15-mlp2x").copyInto(scratch.resolve("unknown-name"));
    Variant.edit(
        checkpoint.resolve("config.json"), node -> node.put("mm_vision_tower", "./our-clip"));
    Path out = scratch.resolve("model");
    run(
        new ImportRequest(
            checkpoint,
            Optional.empty(),
            Optional.of(tower),
            out,
            Optional.empty(),
            Precisions.FP32,
            true));
    assertThat(out.resolve("onnx/vision_encoder.onnx_data"))
        .hasSameBinaryContentAs(scratch.resolve("model-med15-mlp2x/onnx/vision_encoder.onnx_data"));
  }
}
