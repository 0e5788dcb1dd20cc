package org.llavamed.importer.internal;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavamed.checkpoint.Checkpoint;
import org.llavamed.checkpoint.LlavaConfig;
import org.llavamed.checkpoint.StoredTensor;
import org.llavamed.checkpoint.TensorNames;
import org.llavamed.checkpoint.TextConfig;
import org.llavamed.checkpoint.VisionConfig;
import org.llavamed.inference.ModelException;

/** All tensors that a configuration asks for, found and checked before anything is written. */
final class LlavaTensors {
  private static final String VISION = TensorNames.VISION;
  private static final String PROJECTOR = TensorNames.PROJECTOR;
  private static final String TEXT = TensorNames.TEXT;

  private final Checkpoint checkpoint;
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

  /**
   * Looks all tensors up.
   *
   * @throws ModelException if one is missing or has another shape or type
   */
  LlavaTensors(Checkpoint checkpoint, TextConfig text, Optional<LlavaConfig> llava) {
    this.checkpoint = checkpoint;
    llava.ifPresent(config -> addVision(config.vision()));
    llava.ifPresent(this::addProjector);
    addText(text);
    llava.ifPresent(this::addPictureRow);
  }

  /** Returns a tensor of the tower, for example {@code pre_layrnorm.weight}. */
  StoredTensor vision(String name) {
    return get(VISION + name);
  }

  /** Returns a tensor of the projector, for example {@code linear_1.weight}. */
  StoredTensor projector(String name) {
    return get(PROJECTOR + name);
  }

  /** Returns a tensor of the decoder, for example {@code model.norm.weight}. */
  StoredTensor text(String name) {
    return get(TEXT + name);
  }

  /** Returns the sum of all tensors' sizes in bytes. */
  long bytes() {
    return tensors.values().stream().mapToLong(StoredTensor::length).sum();
  }

  /** Returns the sum of the sizes of what a decoder graph holds, in bytes. */
  long decoderBytes() {
    return tensors.entrySet().stream()
        .filter(
            entry ->
                entry.getKey().startsWith(TEXT) && !entry.getKey().equals(TensorNames.EMBEDDINGS))
        .mapToLong(entry -> entry.getValue().length())
        .sum();
  }

  /** Returns the matrices of the decoder's layers, without embeddings and output matrix. */
  List<StoredTensor> decoderMatrices() {
    return tensors.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(TEXT + "model.layers."))
        .map(Map.Entry::getValue)
        .filter(tensor -> tensor.shape().size() == 2)
        .toList();
  }

  private StoredTensor get(String name) {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(name + " is not among the tensors of this model");
    }
    return tensor;
  }

  private void add(String name, long... shape) {
    List<Long> dims = Arrays.stream(shape).boxed().toList();
    tensors.put(name, checkpoint.require(name, dims));
  }

  private void addLinear(String name, long out, long in, boolean bias) {
    add(name + ".weight", out, in);
    if (bias) {
      add(name + ".bias", out);
    }
  }

  private void addVision(VisionConfig config) {
    long d = config.hidden();
    add(VISION + "embeddings.class_embedding", d);
    add(VISION + "embeddings.patch_embedding.weight", d, 3, config.patch(), config.patch());
    add(VISION + "embeddings.position_embedding.weight", config.patches() + 1L, d);
    addNorm(VISION + "pre_layrnorm", d);
    for (int i = 0; i < config.layersRun(); i++) {
      String layer = VISION + "encoder.layers." + i + ".";
      addNorm(layer + "layer_norm1", d);
      for (String part : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
        addLinear(layer + "self_attn." + part, d, d, true);
      }
      addNorm(layer + "layer_norm2", d);
      addLinear(layer + "mlp.fc1", config.intermediate(), d, true);
      addLinear(layer + "mlp.fc2", d, config.intermediate(), true);
    }
  }

  private void addNorm(String name, long width) {
    add(name + ".weight", width);
    add(name + ".bias", width);
  }

  private void addProjector(LlavaConfig config) {
    long in = config.vision().hidden();
    long out = config.text().hidden();
    for (int i = 1; i <= config.projectorLayers(); i++) {
      addLinear(PROJECTOR + "linear_" + i, out, i == 1 ? in : out, config.projectorBias());
    }
  }

  /** Where the picture's token lies behind the vocabulary, the table reaches to it with zeros. */
  private void addPictureRow(LlavaConfig config) {
    long rows = Math.max(config.text().vocabulary(), config.imageTokenId() + 1L);
    tensors.put(TensorNames.EMBEDDINGS, get(TensorNames.EMBEDDINGS).withRows(rows));
  }

  private void addText(TextConfig config) {
    long h = config.hidden();
    add(TensorNames.EMBEDDINGS, config.vocabulary(), h);
    for (int i = 0; i < config.layers(); i++) {
      String layer = TEXT + "model.layers." + i + ".";
      add(layer + "input_layernorm.weight", h);
      add(layer + "self_attn.q_proj.weight", (long) config.heads() * config.headSize(), h);
      add(layer + "self_attn.k_proj.weight", (long) config.kvHeads() * config.headSize(), h);
      add(layer + "self_attn.v_proj.weight", (long) config.kvHeads() * config.headSize(), h);
      add(layer + "self_attn.o_proj.weight", h, (long) config.heads() * config.headSize());
      add(layer + "post_attention_layernorm.weight", h);
      add(layer + "mlp.gate_proj.weight", config.intermediate(), h);
      add(layer + "mlp.up_proj.weight", config.intermediate(), h);
      add(layer + "mlp.down_proj.weight", h, config.intermediate());
    }
    add(TEXT + "model.norm.weight", h);
    if (config.tied()) {
      tensors.put(TensorNames.OUTPUT, get(TensorNames.EMBEDDINGS));
    } else {
      add(TensorNames.OUTPUT, config.vocabulary(), h);
    }
  }
}
