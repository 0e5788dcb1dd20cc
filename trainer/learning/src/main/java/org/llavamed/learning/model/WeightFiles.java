package org.llavamed.learning.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavamed.checkpoint.Json;
import org.llavamed.engine.DType;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Tensor;

/**
 * Weights as Hugging Face transformers stores them: model.safetensors or, above a size, several
 * files with model.safetensors.index.json.
 */
final class WeightFiles {
  private WeightFiles() {}

  /**
   * Writes weights.
   *
   * @param type that all are written in
   * @param most bytes of numbers that a file holds, unless one tensor alone is larger
   */
  static void write(Engine engine, Path folder, Map<String, Tensor> weights, DType type, long most)
      throws IOException {
    List<Map<String, Tensor>> shards = shards(weights, type, most);
    if (shards.size() == 1) {
      TensorFile.write(
          engine, folder.resolve("model.safetensors"), shards.get(0), Optional.of(type));
      return;
    }
    ObjectNode index = Json.object();
    long bytes = weights.values().stream().mapToLong(tensor -> bytes(tensor, type)).sum();
    index.putObject("metadata").put("total_size", bytes);
    ObjectNode places = index.putObject("weight_map");
    for (int i = 0; i < shards.size(); i++) {
      String name = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
      TensorFile.write(engine, folder.resolve(name), shards.get(i), Optional.of(type));
      shards.get(i).keySet().forEach(tensor -> places.put(tensor, name));
    }
    Json.write(folder.resolve("model.safetensors.index.json"), index);
  }

  private static List<Map<String, Tensor>> shards(
      Map<String, Tensor> weights, DType type, long most) {
    List<Map<String, Tensor>> shards = new ArrayList<>();
    Map<String, Tensor> shard = new LinkedHashMap<>();
    long size = 0;
    for (Map.Entry<String, Tensor> entry : weights.entrySet()) {
      long bytes = bytes(entry.getValue(), type);
      if (!shard.isEmpty() && size + bytes > most) {
        shards.add(shard);
        shard = new LinkedHashMap<>();
        size = 0;
      }
      shard.put(entry.getKey(), entry.getValue());
      size += bytes;
    }
    shards.add(shard);
    return shards;
  }

  private static long bytes(Tensor tensor, DType type) {
    return tensor.count() * type.bytes();
  }
}
