package org.llavamed.importer.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.llavamed.inference.ModelException;

/**
 * The tensors of a checkpoint folder, in one safetensors file or in several with an index, under
 * the names of the older layout: {@code vision_tower.vision_model.*}, {@code
 * multi_modal_projector.linear_1/2.*}, {@code language_model.model.*}, {@code
 * language_model.lm_head.weight}. The newer layouts (parts under {@code model.}, {@code
 * lm_head.weight} on its own, the tower without {@code vision_model}) are renamed while reading.
 */
final class Checkpoint {
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  private final Path folder;
  private final Map<String, StoredTensor> tensors = new HashMap<>();

  /**
   * Reads the headers of all safetensors files of a folder.
   *
   * @throws ModelException if there are none, or one is missing or damaged
   */
  Checkpoint(Path folder) {
    this.folder = folder;
    Path index = folder.resolve(INDEX);
    if (Files.isRegularFile(folder.resolve(SINGLE))) {
      add(folder.resolve(SINGLE));
    } else if (Files.isRegularFile(index)) {
      shards(index).forEach(name -> add(folder.resolve(name)));
    } else {
      throw noWeights(folder);
    }
  }

  /** Returns whether the checkpoint has a tensor. */
  boolean has(String name) {
    return tensors.containsKey(name);
  }

  /**
   * Returns a tensor.
   *
   * @param name of the older layout
   * @param shape that config.json implies
   * @throws ModelException if it is missing, has another shape or a type that is not read
   */
  StoredTensor require(String name, List<Long> shape) {
    @Nullable StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw ModelException.invalid(
          folder,
          "tensor " + name + " of shape " + shape + " is missing",
          "Import a checkpoint of LlavaForConditionalGeneration with all of its safetensors files");
    }
    if (!tensor.shape().equals(shape)) {
      throw ModelException.invalid(
          tensor.where(),
          "its shape is %s, config.json implies %s".formatted(tensor.shape(), shape),
          "Use the config.json that belongs to these weights");
    }
    Dtype.of(tensor);
    return tensor;
  }

  private void add(Path file) {
    if (!Files.isRegularFile(file)) {
      throw ModelException.invalid(
          file, "it is named in " + INDEX + " but missing", "Download the whole checkpoint");
    }
    for (StoredTensor tensor : Safetensors.read(file).values()) {
      @Nullable StoredTensor other = tensors.put(olderName(tensor.name()), tensor);
      if (other != null) {
        throw ModelException.invalid(
            tensor.where(),
            "the same weights are also stored as " + other.where(),
            "Remove one of the two");
      }
    }
  }

  private static Set<String> shards(Path index) {
    JsonNode map = Json.object(index).path("weight_map");
    TreeSet<String> names = new TreeSet<>();
    for (JsonNode value : map) {
      String name = value.asText();
      if (!name.matches("[\\w.-]+\\.safetensors")) {
        throw ModelException.invalid(
            index,
            "weight_map names the file '" + name + "', expected a safetensors file of the folder",
            "Download the index again");
      }
      names.add(name);
    }
    if (names.isEmpty()) {
      throw ModelException.invalid(
          index, "weight_map is missing or empty", "Download the index again");
    }
    return names;
  }

  private static ModelException noWeights(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      if (files.anyMatch(file -> file.getFileName().toString().matches(".*\\.(bin|pth?|ckpt)"))) {
        return ModelException.invalid(
            folder,
            "its weights are PyTorch files (.bin, .pt), expected " + SINGLE,
            "Convert them with save_pretrained(..., safe_serialization=True) of transformers, as"
                + " unpickling runs code of the file");
      }
    } catch (IOException e) {
      return ModelException.invalid(
          folder, "it cannot be listed (" + e + ")", "Check the folder and its rights", e);
    }
    return ModelException.invalid(
        folder,
        "there is neither " + SINGLE + " nor " + INDEX,
        "Name a Hugging Face checkpoint folder with its weights");
  }

  private static String olderName(String name) {
    String part = name.startsWith("model.") ? name.substring("model.".length()) : name;
    if (part.startsWith("vision_tower.") && !part.startsWith("vision_tower.vision_model.")) {
      return part.replaceFirst("vision_tower\\.", "vision_tower.vision_model.");
    }
    if (part.startsWith("lm_head.")) {
      return "language_model." + part;
    }
    if (part.startsWith("language_model.")
        && !part.startsWith("language_model.model.")
        && !part.startsWith("language_model.lm_head.")) {
      return part.replaceFirst("language_model\\.", "language_model.model.");
    }
    return part;
  }
}
