package org.llavamed.checkpoint;

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
import org.llavamed.files.FileError;
import org.llavamed.inference.ModelException;

/**
 * The tensors of a checkpoint folder, in one safetensors file or in several with an index, under
 * the names of {@link TensorNames}.
 */
public final class Checkpoint {
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final String OTHER_BASE =
      "Name with --base the folder of the model that the deltas were made from";

  private final Path folder;
  private final Map<String, StoredTensor> tensors = new HashMap<>();
  private @Nullable Checkpoint base;

  /**
   * Reads the headers of all safetensors files of a folder.
   *
   * @throws ModelException if there are none, or one is missing or damaged
   */
  public Checkpoint(Path folder) {
    this.folder = folder;
    Path index = folder.resolve(INDEX);
    if (!Files.isDirectory(folder)) {
      throw ModelException.invalid(
          folder, "it is no folder", "Name the folder of a Hugging Face checkpoint");
    }
    if (Files.isRegularFile(folder.resolve(SINGLE))) {
      add(folder.resolve(SINGLE));
    } else if (Files.isRegularFile(index)) {
      shards(index).forEach(name -> add(folder.resolve(name)));
    } else {
      throw noWeights(folder);
    }
  }

  /**
   * Makes the decoder's tensors deltas that are added to those of {@code base}. Rows that the base
   * lacks in the embedding table and in the output matrix are taken as they are, as are projector
   * and tower.
   */
  public void addTo(Checkpoint base) {
    this.base = base;
  }

  /** Takes the tower of another checkpoint, in place of its own. */
  public void takeTower(Checkpoint other) {
    other.tensors.forEach(
        (name, tensor) -> {
          if (name.startsWith(TensorNames.VISION)) {
            tensors.put(name, tensor);
          }
        });
  }

  /** Returns whether the checkpoint holds a CLIP tower. */
  public boolean hasTower() {
    return tensors.containsKey(TensorNames.VISION + "embeddings.class_embedding");
  }

  /** Returns a tensor's shape, or an empty one where there is no such tensor. */
  public List<Long> shape(String name) {
    @Nullable StoredTensor tensor = tensors.get(name);
    return tensor == null ? List.of() : tensor.shape();
  }

  /**
   * Returns a tensor.
   *
   * @param name by {@link TensorNames}
   * @param shape that config.json implies
   * @throws ModelException if it is missing, has another shape or a type that is not read, or does
   *     not fit the base
   */
  public StoredTensor require(String name, List<Long> shape) {
    @Nullable StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw ModelException.invalid(
          folder,
          "tensor " + name + " of shape " + shape + " is missing",
          "Use a checkpoint with all of its safetensors files");
    }
    if (!tensor.shape().equals(shape)) {
      throw ModelException.invalid(
          tensor.where(),
          "its shape is %s, config.json implies %s".formatted(tensor.shape(), shape),
          "Use the config.json that belongs to these weights");
    }
    Dtype.of(tensor);
    return base == null || !name.startsWith(TensorNames.TEXT)
        ? tensor
        : tensor.plus(base.baseOf(name, tensor));
  }

  private StoredTensor baseOf(String name, StoredTensor delta) {
    @Nullable StoredTensor own = tensors.get(name);
    if (own == null) {
      throw ModelException.invalid(
          folder, "the base has no tensor " + name + " as the delta has", OTHER_BASE);
    }
    boolean grows = name.equals(TensorNames.EMBEDDINGS) || name.equals(TensorNames.OUTPUT);
    List<Long> shape = own.shape();
    boolean fits =
        shape.equals(delta.shape())
            || (grows
                && shape.size() == 2
                && shape.get(0) <= delta.shape().get(0)
                && shape.get(1).equals(delta.shape().get(1)));
    if (!fits) {
      throw ModelException.invalid(
          own.where(),
          "its shape is %s, the delta's is %s".formatted(shape, delta.shape()),
          OTHER_BASE);
    }
    Dtype.of(own);
    return own;
  }

  private void add(Path file) {
    if (!Files.isRegularFile(file)) {
      throw ModelException.invalid(
          file, "it is named in " + INDEX + " but missing", "Download the whole checkpoint");
    }
    for (StoredTensor tensor : Safetensors.read(file).values()) {
      @Nullable StoredTensor other = tensors.put(TensorNames.of(tensor.name()), tensor);
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
            "Convert each file in Python: safetensors.torch.save_file(torch.load(FILE,"
                + " weights_only=True), ...); the README says how under 'Your own weights'");
      }
    } catch (IOException e) {
      return ModelException.invalid(
          folder, FileError.reading(folder, e).found(), "Check the folder and its rights", e);
    }
    return ModelException.invalid(
        folder,
        "there is neither " + SINGLE + " nor " + INDEX,
        "Name a Hugging Face checkpoint folder with its weights");
  }
}
