package org.llavamed.importer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.inference.ImportRequest;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Precisions;
import org.llavamed.inference.Progress;

/** What cannot be imported is named in one sentence, and leaves nothing behind. */
final class ImportErrorsTest {
  @TempDir Path scratch;
  private Path checkpoint = Path.of("");
  private Path out = Path.of("");

  @BeforeEach
  void copy() throws IOException {
    checkpoint = Variant.copyInto(scratch.resolve("checkpoint"));
    out = scratch.resolve("models/new");
  }

  private void assertRefused(String... parts) throws IOException {
    assertRefused(Progress.NONE, parts);
  }

  private void assertRefused(Progress progress, String... parts) throws IOException {
    assertThatThrownBy(
            () ->
                Imports.importer()
                    .importCheckpoint(
                        ImportRequest.of(checkpoint, out, Precisions.of(Precision.FP32)), progress))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(parts);
    assertThat(out).doesNotExist();
    if (Files.exists(scratch.resolve("models"))) {
      assertThat(scratch.resolve("models")).isEmptyDirectory();
    }
  }

  static Stream<Arguments> configurations() {
    return Stream.of(
        config(
            node -> node.put("model_type", "qwen2_vl").putArray("architectures").add("Qwen2VL"),
            "config.json: it describes Qwen2VL of model_type qwen2_vl",
            "expected one of LlavaForConditionalGeneration, LlavaLlamaForCausalLM,"
                + " LlavaMistralForCausalLM, LlamaForCausalLM, MistralForCausalLM"),
        config(
            node -> node.remove("architectures"),
            "it describes no architecture of model_type llava"),
        config(
            node -> vision(node).put("model_type", "siglip_vision_model"),
            "vision_config.model_type is \"siglip_vision_model\", expected clip_vision_model"),
        config(
            node -> text(node).put("model_type", "qwen2"),
            "text_config.model_type is \"qwen2\", expected one of [llama, mistral]"),
        config(node -> node.remove("text_config"), "text_config is missing, expected an object"),
        config(
            node -> text(node).put("attention_bias", true),
            "text_config.attention_bias is true, expected false"),
        config(
            node -> text(node).put("hidden_size", "wide"),
            "text_config.hidden_size is \"wide\", expected a whole number from 1 to"),
        config(
            node -> text(node).put("num_attention_heads", 3),
            "text_config.num_key_value_heads is 2, expected a divisor of num_attention_heads 3"),
        config(
            node -> text(node).put("head_dim", 15),
            "text_config.head_dim is 15, expected an even number, as halves of a head are rotated"),
        config(
            node -> text(node).putObject("rope_scaling").put("rope_type", "yarn"),
            "text_config.rope_scaling is {\"rope_type\":\"yarn\"}, expected the unscaled rotary"),
        config(
            node -> node.put("vision_feature_layer", 7),
            "vision_feature_layer is 7, expected one whole number from -3 to 2"),
        config(
            node -> node.put("image_seq_length", 49),
            "image_seq_length is 49, expected 17 as vision_config implies"),
        config(
            node -> node.put("image_token_index", 64),
            "image_token_index is 64, expected an id below vocab_size 64"),
        config(
            node -> node.put("image_token_index", 5),
            "tokenizer.json: added_tokens has no token of id 5, which config.json names"),
        config(
            node -> node.put("image_aspect_ratio", "anyres"),
            "image_aspect_ratio is \"anyres\", expected one of [square, pad]"),
        config(
            node -> vision(node).put("image_size", 40),
            "preprocessor_config.json: it resizes to 32 and crops to 32 pixels, config.json implies 40"),
        config(
            node -> text(node).put("vocab_size", 65),
            "tensor model.language_model.embed_tokens.weight: its shape is [64, 48], config.json"
                + " implies [65, 48]"),
        config(
            node -> node.put("multimodal_projector_bias", true),
            "tensor multi_modal_projector.linear_1.bias of shape [48] is missing"));
  }

  private static Arguments config(Consumer<ObjectNode> change, String... parts) {
    return Arguments.of(change, parts);
  }

  private static ObjectNode vision(ObjectNode config) {
    return config.withObject("vision_config");
  }

  private static ObjectNode text(ObjectNode config) {
    return config.withObject("text_config");
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void aConfigurationThatIsNotSupportedIsNamed(Consumer<ObjectNode> change, String[] parts)
      throws IOException {
    Variant.edit(
        checkpoint.resolve("config.json"),
        node -> {
          node.remove("image_seq_length");
          change.accept(node);
        });
    assertRefused(parts);
  }

  @Test
  void anotherResizingIsNamed() throws IOException {
    Variant.edit(checkpoint.resolve("preprocessor_config.json"), node -> node.put("resample", 2));
    assertRefused("preprocessor_config.json: resample is 2, expected 3 (bicubic)");
  }

  @Test
  void anUnknownChatTemplateIsNamed() throws IOException {
    Variant.edit(
        checkpoint.resolve("tokenizer_config.json"), node -> node.put("chat_template", "<|im|>"));
    assertRefused("its chat template has neither [INST] nor USER:");
  }

  @Test
  void aTemplateThatIsNamedGoesBeforeAnUnknownChatTemplate() throws IOException {
    Variant.edit(
        checkpoint.resolve("tokenizer_config.json"), node -> node.put("chat_template", "<|im|>"));
    ImportRequest named =
        new ImportRequest(
            checkpoint,
            Optional.empty(),
            Optional.empty(),
            out,
            Optional.of("plain"),
            Precisions.FP32,
            true);
    assertThat(Imports.importer().importCheckpoint(named, Progress.NONE).template())
        .isEqualTo("plain");
  }

  /** Fails where any work was begun. */
  private static void expectNoWork(String what, long done, long total) {
    throw new AssertionError("worked on " + what);
  }

  @Test
  void aTokenThatIsNoneIsNamedBeforeAnyWork() throws IOException {
    Files.writeString(checkpoint.resolve("generation_config.json"), "{\"eos_token_id\": [2, 64]}");
    assertRefused(
        ImportErrorsTest::expectNoWork,
        checkpoint.toString(),
        "the token that begins prompts or ends answers is 64, expected 0 to 63",
        "eos_token_id in generation_config.json");
  }

  @Test
  void aContextThatHoldsNoPictureIsNamedBeforeAnyWork() throws IOException {
    Variant.edit(
        checkpoint.resolve("config.json"), node -> text(node).put("max_position_embeddings", 17));
    assertRefused(
        ImportErrorsTest::expectNoWork,
        checkpoint.resolve("config.json").toString(),
        "a prompt has at most 17 positions, expected more than the 17 of a picture");
  }

  @Test
  void aTokenizerThatCannotBeReadIsNamedBeforeAnyWork() throws IOException {
    Variant.edit(
        checkpoint.resolve("tokenizer.json"),
        node -> node.putObject("model").put("type", "Nonsense"));
    assertRefused(ImportErrorsTest::expectNoWork, checkpoint.resolve("tokenizer.json").toString());
  }

  @Test
  void anImpossibleDeviationIsNamedBeforeAnyWork() throws IOException {
    Variant.edit(
        checkpoint.resolve("preprocessor_config.json"),
        node -> node.putArray("image_std").add(0).add(1).add(1));
    assertRefused(
        ImportErrorsTest::expectNoWork,
        checkpoint.resolve("preprocessor_config.json") + ": image_std holds 0.0, expected more");
  }

  @Test
  void pickledWeightsAreRefused() throws IOException {
    removeWeights();
    Files.write(checkpoint.resolve("pytorch_model.bin"), new byte[10]);
    assertRefused("its weights are PyTorch files", "weights_only=True", "Your own weights");
  }

  @Test
  void aFolderWithoutWeightsIsNamed() throws IOException {
    removeWeights();
    assertRefused("there is neither model.safetensors nor model.safetensors.index.json");
  }

  @Test
  void aMissingShardIsNamed() throws IOException {
    Files.delete(checkpoint.resolve("model-00002-of-00002.safetensors"));
    assertRefused("model-00002-of-00002.safetensors: it is named in model.safetensors.index.json");
  }

  @Test
  void aShardOutsideTheFolderIsRefused() throws IOException {
    Variant.edit(
        checkpoint.resolve("model.safetensors.index.json"),
        node -> node.withObject("weight_map").put("x", "../x.safetensors"));
    assertRefused("weight_map names the file '../x.safetensors'");
  }

  @Test
  void aCutShardIsNamed() throws IOException {
    Path shard = checkpoint.resolve("model-00001-of-00002.safetensors");
    try (FileChannel channel = FileChannel.open(shard, StandardOpenOption.WRITE)) {
      channel.truncate(50_000);
    }
    assertRefused(
        "model-00001-of-00002.safetensors, tensor ", "its data_offsets are", "cut or damaged");
  }

  @Test
  void aMissingTokenizerIsNamed() throws IOException {
    Files.delete(checkpoint.resolve("tokenizer.json"));
    assertRefused(
        "neither tokenizer.json nor tokenizer.model is there",
        "Name a whole Hugging Face checkpoint folder");
  }

  @Test
  void aFileThatIsNoSentencePieceModelIsNamed() throws IOException {
    Files.move(checkpoint.resolve("tokenizer.json"), checkpoint.resolve("tokenizer.model"));
    assertRefused(
        "tokenizer.model: is no SentencePiece model", "tokenizer.model of the checkpoint");
  }

  @Test
  void jsonThatIsNoneIsNamed() throws IOException {
    Files.writeString(checkpoint.resolve("config.json"), "{\"model_type\": ");
    assertRefused("config.json: it is no valid JSON");
  }

  @Test
  void aCheckpointThatIsNoFolderIsNamed() throws IOException {
    checkpoint = checkpoint.resolve("config.json");
    assertRefused("config.json: it is no folder");
  }

  @Test
  void aFolderThatIsNotEmptyIsLeftAlone() throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve("mine.txt"), "mine");
    assertThatThrownBy(
            () ->
                Imports.importer()
                    .importCheckpoint(
                        ImportRequest.of(checkpoint, out, Precisions.of(Precision.FP32)),
                        Progress.NONE))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("new: it exists and is not an empty folder");
    assertThat(scratch.resolve("models")).isDirectoryContaining(file -> file.equals(out));
    assertThat(out.resolve("mine.txt")).hasContent("mine");
  }

  @Test
  void anInterruptedImportStopsAndLeavesNothing() throws IOException {
    Progress interrupt =
        (what, done, total) -> {
          if (done > total / 2) {
            Thread.currentThread().interrupt();
          }
        };
    try {
      assertRefused(interrupt, "the import was stopped, nothing was kept");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hash of ", "self-check, picture", "self-check of "})
  void anImportStopsWhileItHashesAndChecks(String phase) throws IOException {
    Progress interrupt =
        (what, done, total) -> {
          if (what.startsWith(phase)) {
            Thread.currentThread().interrupt();
          }
        };
    try {
      assertRefused(interrupt, "the import was stopped, nothing was kept");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private void removeWeights() throws IOException {
    try (Stream<Path> files = Files.list(checkpoint)) {
      List<Path> weights =
          files
              .filter(file -> file.toString().toLowerCase(Locale.ROOT).contains("safetensors"))
              .toList();
      for (Path file : weights) {
        Files.delete(file);
      }
    }
  }
}
