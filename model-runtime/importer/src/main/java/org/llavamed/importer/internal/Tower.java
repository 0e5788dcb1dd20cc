package org.llavamed.importer.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.llavamed.checkpoint.Checkpoint;
import org.llavamed.checkpoint.ConfigReader;
import org.llavamed.checkpoint.Json;
import org.llavamed.checkpoint.TensorNames;
import org.llavamed.checkpoint.VisionConfig;
import org.llavamed.inference.ModelException;

/**
 * The CLIP tower of a checkpoint of the original LLaVA code, which names it (mm_vision_tower) and
 * may hold its tuned weights, but does not say its figures. They are taken from the folder that is
 * given with {@code --vision-tower}, else from vision_config in config.json, else, for the towers
 * that OpenAI published, from the shapes of the tensors: all of these have heads of 64, QuickGELU
 * and an epsilon of 1e-5. The weights are those of the checkpoint, where it has them.
 *
 * @param described its configuration as Hugging Face writes it
 * @param config the same, read
 * @param preprocessor how its pictures are prepared, as Hugging Face writes it
 * @param preprocessorFile where that was read; absent where it was made here
 */
record Tower(
    ObjectNode described,
    VisionConfig config,
    ObjectNode preprocessor,
    Optional<Path> preprocessorFile) {
  private static final String KEY = "mm_vision_tower";
  private static final String OPENAI = "openai/clip-vit-";
  private static final int OPENAI_HEAD = 64;
  private static final String PREPROCESSOR = "preprocessor_config.json";
  private static final String NAME_IT =
      "Name the tower's folder (config.json, safetensors, preprocessor_config.json) with"
          + " --vision-tower";

  /**
   * Finds the tower; takes its weights into the checkpoint, where it lacks them.
   *
   * @param top config.json of the checkpoint
   * @param folder of the tower, where one is given
   * @throws ModelException if it is no CLIP tower, is not there, or its figures are not known
   */
  static Tower of(
      ConfigReader top, Checkpoint checkpoint, Optional<Path> folder, VisionConfig.Use use) {
    String name = top.text(KEY, "");
    if (folder.isEmpty() && name.toLowerCase(Locale.ROOT).contains("siglip")) {
      throw top.wrong(KEY, "a CLIP tower");
    }
    if (!checkpoint.hasTower()) {
      Path other = folder.orElseThrow(() -> absent(top));
      checkpoint.takeTower(new Checkpoint(other));
      if (!checkpoint.hasTower()) {
        throw ModelException.invalid(
            other, "it holds no tensor vision_model.embeddings.class_embedding", NAME_IT);
      }
    }
    ConfigReader reader = figures(top, checkpoint, folder);
    VisionConfig config = VisionConfig.of(reader, use);
    ObjectNode described = reader.node().deepCopy();
    described.put("model_type", "clip_vision_model");
    Optional<Path> file = preprocessorFile(top, folder);
    ObjectNode preprocessor = file.map(Json::object).orElseGet(() -> clip(config.side()));
    return new Tower(described, config, preprocessor, file);
  }

  private static ModelException absent(ConfigReader top) {
    return ModelException.invalid(
        top.file().resolveSibling("model.safetensors"),
        "the weights of the vision tower%s are not in the checkpoint"
            .formatted(top.has(KEY) ? " " + top.text(KEY, "") : ""),
        NAME_IT);
  }

  private static ConfigReader figures(
      ConfigReader top, Checkpoint checkpoint, Optional<Path> folder) {
    if (folder.isPresent()) {
      Path file = folder.get().resolve("config.json");
      ConfigReader whole = new ConfigReader(file, "", Json.object(file));
      boolean both = whole.text("model_type", "").equals("clip");
      return both ? whole.inside("vision_config").object() : whole;
    }
    if (top.node().path("vision_config").isObject()) {
      return top.inside("vision_config");
    }
    if (!top.text(KEY, "").startsWith(OPENAI)) {
      throw ModelException.invalid(
          top.file(),
          "%s is %s, whose figures are not known, expected a name that begins with %s"
              .formatted(KEY, top.has(KEY) ? top.node().get(KEY) : "missing", OPENAI),
          NAME_IT);
    }
    return new ConfigReader(top.file(), "vision tower: ", byShapes(checkpoint));
  }

  private static ObjectNode byShapes(Checkpoint checkpoint) {
    long hidden = extent(checkpoint, "embeddings.class_embedding", 0);
    long patch = extent(checkpoint, "embeddings.patch_embedding.weight", 3);
    long positions = extent(checkpoint, "embeddings.position_embedding.weight", 0);
    int layers = 0;
    while (extent(checkpoint, "encoder.layers." + layers + ".mlp.fc1.weight", 0) > 0) {
      layers++;
    }
    ObjectNode node = Json.object();
    node.put("hidden_size", hidden);
    node.put("intermediate_size", extent(checkpoint, "encoder.layers.0.mlp.fc1.weight", 0));
    node.put("num_hidden_layers", layers);
    node.put("num_attention_heads", Math.max(1, hidden / OPENAI_HEAD));
    node.put("num_channels", 3);
    node.put("patch_size", patch);
    node.put("image_size", patch * Math.round(Math.sqrt((double) Math.max(0, positions - 1))));
    node.put("hidden_act", "quick_gelu");
    node.put("layer_norm_eps", 1e-5);
    return node;
  }

  /** Returns 0 where there is no such tensor or dimension. */
  private static long extent(Checkpoint checkpoint, String name, int dimension) {
    List<Long> shape = checkpoint.shape(TensorNames.VISION + name);
    return dimension < shape.size() ? shape.get(dimension) : 0;
  }

  private static Optional<Path> preprocessorFile(ConfigReader top, Optional<Path> folder) {
    Path own = top.file().resolveSibling(PREPROCESSOR);
    return Files.isRegularFile(own)
        ? Optional.of(own)
        : folder.map(tower -> tower.resolve(PREPROCESSOR));
  }

  /** The preparation of all towers that OpenAI published. */
  private static ObjectNode clip(int side) {
    ObjectNode node = Json.object();
    node.put("image_processor_type", "CLIPImageProcessor");
    for (String step : List.of("convert_rgb", "resize", "center_crop", "rescale", "normalize")) {
      node.put("do_" + step, true);
    }
    node.putObject("size").put("shortest_edge", side);
    node.putObject("crop_size").put("height", side).put("width", side);
    node.put("resample", 3);
    node.put("rescale_factor", 1 / 255.0);
    node.putArray("image_mean").add(0.48145466).add(0.4578275).add(0.40821073);
    node.putArray("image_std").add(0.26862954).add(0.26130258).add(0.27577711);
    return node;
  }

  /** Returns the width that the projector's input must have. */
  void checkWidth(ConfigReader top) {
    JsonNode stated = top.node().path("mm_hidden_size");
    if (top.count("mm_hidden_size", config.hidden(), 1 << 16) != config.hidden()) {
      throw ModelException.invalid(
          top.file(),
          "mm_hidden_size is %s, the vision tower is %d wide".formatted(stated, config.hidden()),
          NAME_IT);
    }
  }
}
