package org.llavamed.importer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.inference.ImportRequest;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.Precisions;
import org.llavamed.inference.Progress;

/** What cannot be imported of the original LLaVA code's layouts, of deltas and of texts. */
final class LayoutErrorsTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden-layouts");

  @TempDir Path scratch;

  private Path copy(String layout, String part) throws IOException {
    Path folder = Files.createDirectories(scratch.resolve(part));
    try (Stream<Path> files = Files.list(GOLDEN.resolve(layout).resolve(part))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    return folder;
  }

  private ImportRequest request(Path checkpoint) {
    return new ImportRequest(
        checkpoint,
        Optional.of(scratch.resolve("base")).filter(Files::isDirectory),
        Optional.of(scratch.resolve("tower")).filter(Files::isDirectory),
        scratch.resolve("models/new"),
        Optional.empty(),
        Precisions.FP32,
        true);
  }

  private void assertRefused(ImportRequest request, String... parts) {
    assertThatThrownBy(() -> Imports.importer().importCheckpoint(request, Progress.NONE))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(parts);
    assertThat(scratch.resolve("models")).doesNotExist();
  }

  static Stream<Arguments> configurations() {
    return Stream.of(
        config(
            node -> node.put("mm_projector_type", "mlp0x_gelu"),
            "config.json: mm_projector_type is \"mlp0x_gelu\", expected linear or mlpNx_gelu"),
        config(
            node -> node.put("mm_projector_type", "mlp3x_gelu"),
            "tensor multi_modal_projector.linear_3.weight of shape [32, 32] is missing"),
        config(
            node -> node.put("mm_projector_type", "linear").put("hidden_size", 48),
            "tensor model.mm_projector.0.weight: its shape is [32, 64], config.json implies [48, 64]"),
        config(
            node -> node.put("mm_vision_select_feature", "cls"),
            "mm_vision_select_feature is \"cls\", expected one of [patch, cls_patch]"),
        config(
            node -> node.put("mm_vision_select_layer", 7),
            "mm_vision_select_layer is 7, expected one whole number from -4 to 3"),
        config(
            node -> node.putArray("mm_vision_select_layer").add(-2),
            "mm_vision_select_layer is [-2], expected one whole number"),
        config(
            node -> node.put("mm_vision_tower", "google/siglip-so400m-patch14-384"),
            "mm_vision_tower is \"google/siglip-so400m-patch14-384\", expected a CLIP tower"),
        config(
            node -> node.put("mm_vision_tower", "./clip"),
            "mm_vision_tower is \"./clip\", whose figures are not known",
            "with --vision-tower"),
        config(
            node -> node.remove("mm_vision_tower"),
            "mm_vision_tower is missing, whose figures are not known"),
        config(
            node -> node.put("mm_hidden_size", 1024),
            "mm_hidden_size is 1024, the vision tower is 64 wide"),
        config(
            node -> node.put("mm_use_im_start_end", true),
            "there is no token <im_start>, which mm_use_im_start_end in config.json asks for"),
        config(
            node -> node.put("image_aspect_ratio", "anyres"),
            "image_aspect_ratio is \"anyres\", expected one of [square, pad]"),
        config(
            node -> node.put("vocab_size", 200),
            "tokenizer",
            "the picture's token <image> has the id 320, vocab_size in config.json is 200"));
  }

  private static Arguments config(Consumer<ObjectNode> change, String... parts) {
    return Arguments.of(change, parts);
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void aConfigurationOfTheOriginalThatIsNotSupportedIsNamed(
      Consumer<ObjectNode> change, String[] parts) throws IOException {
    Path checkpoint = copy("med15-mlp2x", "checkpoint");
    Variant.edit(checkpoint.resolve("config.json"), change);
    assertRefused(request(checkpoint), parts);
  }

  @Test
  void aTowerThatIsNowhereIsAskedFor() throws IOException {
    assertRefused(
        request(copy("med10", "checkpoint")),
        "the weights of the vision tower openai/clip-vit-large-patch14 are not in the checkpoint",
        "Name the tower's folder (config.json, safetensors, preprocessor_config.json) with"
            + " --vision-tower");
  }

  @Test
  void thePreparationOfATowerIsNamedInItsOwnFolder() throws IOException {
    Path checkpoint = copy("med10", "checkpoint");
    Path tower = copy("med10", "tower");
    Files.deleteIfExists(checkpoint.resolve("preprocessor_config.json"));
    Variant.edit(tower.resolve("preprocessor_config.json"), node -> node.put("resample", 2));
    assertRefused(
        request(checkpoint), tower + "/preprocessor_config.json: resample is 2, expected 3");
  }

  @Test
  void aTowersFolderWithoutATowerIsNamed() throws IOException {
    Path checkpoint = copy("med10", "checkpoint");
    Path tower = copy("med10", "tower");
    byte[] empty = {2, 0, 0, 0, 0, 0, 0, 0, '{', '}'};
    Files.write(tower.resolve("model.safetensors"), empty);
    assertRefused(
        request(checkpoint),
        tower + ": it holds no tensor vision_model.embeddings.class_embedding",
        "with --vision-tower");
  }

  @Test
  void aTowerOfAnotherKindIsNamed() throws IOException {
    Path checkpoint = copy("med10", "checkpoint");
    Path tower = copy("med10", "tower");
    Variant.edit(
        tower.resolve("config.json"), node -> node.put("model_type", "siglip_vision_model"));
    assertRefused(
        request(checkpoint),
        "tower/config.json: model_type is \"siglip_vision_model\", expected clip_vision_model");
  }

  @Test
  void aClipModelWithoutItsVisionPartIsNamed() throws IOException {
    Path checkpoint = copy("med10-delta", "checkpoint");
    copy("med10-delta", "base");
    Path tower = copy("med10-delta", "tower");
    Variant.edit(tower.resolve("config.json"), node -> node.remove("vision_config"));
    assertRefused(
        request(checkpoint), "tower/config.json: vision_config is missing, expected an object");
  }

  @Test
  void aTowerWithoutItsPreparationIsNamed() throws IOException {
    Path checkpoint = copy("med10", "checkpoint");
    Files.delete(copy("med10", "tower").resolve("preprocessor_config.json"));
    assertRefused(request(checkpoint), "tower/preprocessor_config.json: there is no such file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"llava-old-llama", "text-mha-llama"})
  void aTowerFromOutsideIsRefusedWhereItHasNoPlace(String layout) throws IOException {
    copy("med10", "tower");
    assertRefused(
        request(copy(layout, "checkpoint")),
        "it takes no vision tower from outside",
        "Leave --vision-tower out");
  }

  @Test
  void aBaseThatLacksATensorIsNamed() throws IOException {
    Path checkpoint = copy("med10-delta", "checkpoint");
    copy("med10-delta", "tower");
    Path base = copy("med10-delta", "base");
    Variant.edit(checkpoint.resolve("config.json"), node -> node.put("num_hidden_layers", 2));
    Path index = base.resolve("model.safetensors.index.json");
    Variant.edit(
        index,
        node -> {
          String first =
              node.withObject("weight_map").properties().iterator().next().getValue().asText();
          node.withObject("weight_map").removeAll().put("x", first);
        });
    assertRefused(
        request(checkpoint),
        "base: the base has no tensor language_model.model.",
        "Name with --base the folder of the model that the deltas were made from");
  }

  @Test
  void aBaseOfAnotherShapeIsNamed() throws IOException {
    copy("med10-delta", "tower");
    Path base = Files.createDirectory(scratch.resolve("base"));
    Path other = GOLDEN.resolve("text-mha-llama/checkpoint/model.safetensors");
    Files.copy(other, base.resolve("model.safetensors"));
    assertRefused(
        request(copy("med10-delta", "checkpoint")),
        "base/model.safetensors, tensor model.embed_tokens.weight: its shape is ",
        "the delta's is [324, 32]",
        "with --base");
  }

  @Test
  void aDeltaBesideABaseOfTorchFilesIsRefusedWithTheWayToConvert() throws IOException {
    copy("med10-delta", "tower");
    Path base = Files.createDirectory(scratch.resolve("base"));
    Files.write(base.resolve("pytorch_model-00001-of-00002.bin"), new byte[8]);
    assertRefused(
        request(copy("med10-delta", "checkpoint")),
        "base: its weights are PyTorch files",
        "weights_only=True");
  }

  @ParameterizedTest
  @ValueSource(strings = {"med10", "med15-linear", "text-mha-llama"})
  void pickledWeightsAreRefusedInEveryLayout(String layout) throws IOException {
    Path checkpoint = copy(layout, "checkpoint");
    try (Stream<Path> files = Files.list(checkpoint)) {
      for (Path file : files.filter(one -> one.toString().contains("safetensors")).toList()) {
        Files.delete(file);
      }
    }
    Files.write(checkpoint.resolve("pytorch_model-00001-of-00002.bin"), new byte[8]);
    Files.writeString(checkpoint.resolve("pytorch_model.bin.index.json"), "{}");
    assertRefused(request(checkpoint), "its weights are PyTorch files", "weights_only=True");
  }

  @Test
  void foldersThatAreNoneAreNamed() throws IOException {
    Path checkpoint = copy("med10-delta", "checkpoint");
    ImportRequest whole = request(checkpoint);
    Path gone = scratch.resolve("gone");
    for (boolean base : List.of(true, false)) {
      assertRefused(
          new ImportRequest(
              checkpoint,
              base ? Optional.of(gone) : Optional.empty(),
              base ? Optional.empty() : Optional.of(gone),
              whole.out(),
              Optional.empty(),
              Precisions.FP32,
              true),
          "gone: it is no folder");
    }
  }

  @Test
  void aTemplateThatIsNotKnownIsNamed() throws IOException {
    ImportRequest whole = request(copy("text-mha-llama", "checkpoint"));
    assertRefused(
        new ImportRequest(
            whole.checkpoint(),
            Optional.empty(),
            Optional.empty(),
            whole.out(),
            Optional.of("chatml"),
            Precisions.FP32,
            true),
        "template: is 'chatml', expected one of mistral_instruct, vicuna_v1");
  }

  @Test
  void aTextModelWithoutATokenizerIsNamed() throws IOException {
    Path checkpoint = copy("text-mha-llama", "checkpoint");
    Files.delete(checkpoint.resolve("tokenizer.json"));
    assertRefused(request(checkpoint), "checkpoint: ", "tokenizer.model");
  }

  @Test
  void aCheckpointWithoutConfigurationIsNamed() throws IOException {
    Path checkpoint = copy("text-mha-llama", "checkpoint");
    Files.delete(checkpoint.resolve("config.json"));
    assertRefused(
        request(checkpoint),
        "checkpoint: config.json is missing",
        "Name a whole Hugging Face checkpoint folder");
  }
}
