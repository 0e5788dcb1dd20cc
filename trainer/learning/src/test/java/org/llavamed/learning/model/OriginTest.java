package org.llavamed.learning.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.checkpoint.Json;
import org.llavamed.checkpoint.Safetensors;
import org.llavamed.checkpoint.StoredTensor;
import org.llavamed.engine.DType;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Tensor;
import org.llavamed.inference.ModelException;
import org.llavamed.learning.TrainingException;

/** Where models come from, and the folders they go to. */
final class OriginTest {
  private static final Path MODEL = TinyModel.folder("model");

  @TempDir Path scratch;

  private final TinyModel tiny = new TinyModel();
  private final Engine engine = tiny.engine();

  private static Stream<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
    }
  }

  private static void assertSame(Llava one, Llava other) {
    Map<String, Tensor> expected = one.parameters().all();
    assertThat(other.parameters().all().keySet()).isEqualTo(expected.keySet());
    other
        .parameters()
        .all()
        .forEach(
            (name, tensor) ->
                assertThat(tensor.floats())
                    .as(name)
                    .containsExactly(Objects.requireNonNull(expected.get(name)).floats()));
  }

  @Test
  void aFolderThatWasWrittenGivesTheSameModel() throws IOException {
    Origin origin = Origin.folder(MODEL);
    Llava model = origin.open(engine, Llava.Settings.PLAIN);
    model.train(EnumSet.allOf(Part.class));
    tiny.train(model, new TinyModel.Run(1e-2, 0, 1, 20));
    origin.write(engine, model, scratch, DType.F32, Origin.SHARD);
    assertThat(names(scratch))
        .containsExactly("config.json", "generation_config.json", "model.safetensors");
    ObjectNode config = Json.object(scratch.resolve("config.json"));
    assertThat(config.path("torch_dtype").asText()).isEqualTo("float32");
    assertThat(config.has("dtype")).isFalse();
    assertSame(model, Origin.folder(scratch).open(engine, Llava.Settings.PLAIN));
  }

  @Test
  void largeWeightsAreSharded() throws IOException {
    Origin origin = Origin.folder(MODEL);
    Llava model = origin.open(engine, Llava.Settings.PLAIN);
    origin.write(engine, model, scratch, DType.F16, 40_000);
    assertThat(names(scratch))
        .containsExactly(
            "config.json",
            "generation_config.json",
            "model-00001-of-00003.safetensors",
            "model-00002-of-00003.safetensors",
            "model-00003-of-00003.safetensors",
            "model.safetensors.index.json");
    for (int i = 1; i <= 3; i++) {
      Path shard = scratch.resolve("model-0000%d-of-00003.safetensors".formatted(i));
      assertThat(Safetensors.read(shard).values().stream().mapToLong(StoredTensor::length).sum())
          .isBetween(1L, 40_000L);
    }
    ObjectNode index = Json.object(scratch.resolve("model.safetensors.index.json"));
    assertThat(index.path("metadata").path("total_size").asLong())
        .isEqualTo(2 * model.parameters().count());
    assertThat(index.path("weight_map").size()).isEqualTo(model.parameters().all().size());
    assertSame(model, Origin.folder(scratch).open(engine, Llava.Settings.PLAIN));
  }

  @Test
  void aModelWithAdaptersIsNotWritten() {
    Origin origin = Origin.folder(MODEL);
    Llava model = origin.open(engine, Llava.Settings.PLAIN);
    model.adapters().add(new Lora(2, 2, 0, Lora.ALL));
    assertThatThrownBy(() -> origin.write(engine, model, scratch, DType.F32, Origin.SHARD))
        .isInstanceOf(TrainingException.class)
        .hasMessage(scratch + ": the model has adapters. Merge them first, or write them alone.");
  }

  @Test
  void freshWeightsAreDrawnAsStated() throws IOException {
    Files.copy(MODEL.resolve("config.json"), scratch.resolve("config.json"));
    Origin origin = Origin.fresh(scratch);
    engine.seed(9);
    Llava model = origin.open(engine, Llava.Settings.PLAIN);
    assertThat(deviation(model, "language_model.model.embed_tokens.weight"))
        .isCloseTo(0.02, within(0.002));
    assertThat(deviation(model, "language_model.model.layers.0.mlp.down_proj.weight"))
        .isCloseTo(0.02 / Math.sqrt(6), within(0.001));
    assertThat(deviation(model, "vision_tower.vision_model.encoder.layers.0.mlp.fc2.weight"))
        .isCloseTo(0.02 / Math.sqrt(6), within(0.001));
    assertThat(numbers(model, "vision_tower.vision_model.pre_layrnorm.weight")).containsOnly(1);
    assertThat(numbers(model, "multi_modal_projector.linear_1.bias")).containsOnly(0);
    engine.seed(9);
    assertSame(model, origin.open(engine, Llava.Settings.PLAIN));
    engine.seed(10);
    assertThat(
            numbers(
                origin.open(engine, Llava.Settings.PLAIN), "multi_modal_projector.linear_1.weight"))
        .isNotEqualTo(numbers(model, "multi_modal_projector.linear_1.weight"));
  }

  private static float[] numbers(Llava model, String name) {
    return Objects.requireNonNull(model.parameters().all().get(name), name).floats();
  }

  private static double deviation(Llava model, String name) {
    float[] numbers = numbers(model, name);
    double squares = 0;
    for (float number : numbers) {
      squares += number * number;
    }
    return Math.sqrt(squares / numbers.length);
  }

  @Test
  void aLanguageModelAndATowerAreJoined() throws IOException {
    Path language = Files.createDirectory(scratch.resolve("language"));
    Path vision = Files.createDirectory(scratch.resolve("vision"));
    split(language, vision);
    Origin origin = Origin.joined(language, vision, "mlp3x_gelu");
    engine.seed(1);
    Llava model = origin.open(engine, Llava.Settings.PLAIN);
    Llava whole = tiny.open();
    assertThat(origin.config().imageTokenId()).isEqualTo(80);
    assertThat(model.parameters().of(Part.PROJECTOR)).hasSize(6);
    String tower = "vision_tower.vision_model.encoder.layers.1.mlp.fc1.weight";
    assertThat(numbers(model, tower)).containsExactly(numbers(whole, tower));
    String table = "language_model.model.embed_tokens.weight";
    float[] words = numbers(model, table);
    assertThat(Arrays.copyOf(words, 80 * 32)).containsExactly(numbers(whole, table));
    assertThat(Arrays.copyOfRange(words, 80 * 32, 81 * 32))
        .containsExactly(
            Objects.requireNonNull(whole.parameters().all().get(table)).mean(0).floats(),
            within(1e-6f));
    Path out = Files.createDirectory(scratch.resolve("out"));
    origin.write(engine, model, out, DType.F32, Origin.SHARD);
    assertThat(Files.readString(out.resolve("tokenizer.json"))).contains("<image>");
    assertThat(Json.object(out.resolve("processor_config.json")).path("image_token").asText())
        .isEqualTo("<image>");
    assertThat(out.resolve("preprocessor_config.json")).exists();
    assertSame(model, Origin.folder(out).open(engine, Llava.Settings.PLAIN));
  }

  /** Writes the parts of the tiny model as folders of their own. */
  private void split(Path language, Path vision) throws IOException {
    Map<String, Tensor> words = new LinkedHashMap<>();
    Map<String, Tensor> sight = new LinkedHashMap<>();
    tiny.open()
        .parameters()
        .all()
        .forEach(
            (name, tensor) -> {
              if (Part.DECODER.holds(name)) {
                words.put(name.replace("language_model.", ""), tensor);
              } else if (Part.TOWER.holds(name)) {
                sight.put(name.replace("vision_tower.", ""), tensor);
              }
            });
    TensorFile.write(engine, language.resolve("model.safetensors"), words);
    TensorFile.write(engine, vision.resolve("model.safetensors"), sight);
    ObjectNode config = Json.object(MODEL.resolve("config.json"));
    Json.write(language.resolve("config.json"), (ObjectNode) config.path("text_config"));
    Json.write(vision.resolve("config.json"), (ObjectNode) config.path("vision_config"));
    ObjectNode tokenizer = Json.object();
    ObjectNode vocabulary = tokenizer.putObject("model").putObject("vocab");
    for (int i = 0; i < 80; i++) {
      vocabulary.put("w" + i, i);
    }
    Json.write(language.resolve("tokenizer.json"), tokenizer);
    Files.write(vision.resolve("preprocessor_config.json"), "{}".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aMissingWeightIsNamed() throws IOException {
    Files.copy(MODEL.resolve("config.json"), scratch.resolve("config.json"));
    Map<String, Tensor> weights = new LinkedHashMap<>(tiny.open().parameters().all());
    weights.remove("language_model.model.norm.weight");
    TensorFile.write(engine, scratch.resolve("model.safetensors"), weights);
    assertThatThrownBy(() -> Origin.folder(scratch).open(engine, Llava.Settings.PLAIN))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            scratch
                + ": tensor language_model.model.norm.weight of shape [32] is missing. Use a"
                + " checkpoint with all of its safetensors files.");
  }
}
