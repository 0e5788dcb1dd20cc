package org.llavamed.importer.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavamed.checkpoint.Json;

/**
 * The shape of a model: what its config.json says and which tensors it has.
 *
 * @param name as the user writes it
 * @param text the decoder
 * @param tower the CLIP tower; absent where the model reads text only
 */
record RandomShape(String name, Text text, Optional<Tower> tower) {
  /** Token that stands for a picture's positions. */
  static final int IMAGE_TOKEN = 3;

  /** Every shape, the smallest first. */
  static final List<RandomShape> ALL =
      List.of(
          new RandomShape(
              "llava-tiny",
              new Text("llama", 64, 128, 2, 4, 2, 512),
              Optional.of(new Tower(32, 64, 2, 2, 28, 14))),
          new RandomShape("llama-tiny", new Text("llama", 64, 128, 2, 4, 2, 512), Optional.empty()),
          new RandomShape(
              "clip-l-336",
              new Text("llama", 64, 128, 2, 4, 2, 512),
              Optional.of(new Tower(1024, 4096, 24, 16, 336, 14))),
          new RandomShape(
              "tinyllama-1.1b", new Text("llama", 2048, 5632, 22, 32, 4, 32000), Optional.empty()),
          new RandomShape(
              "mistral-7b", new Text("mistral", 4096, 14336, 32, 32, 8, 32000), Optional.empty()));

  /**
   * A decoder of LLaMA's kind.
   *
   * @param type model_type
   * @param hidden width of a position
   * @param wide width inside a layer's perceptron
   * @param layers number of layers
   * @param heads attention heads
   * @param kvHeads heads of keys and values
   * @param vocabulary number of tokens
   */
  record Text(
      String type, int hidden, int wide, int layers, int heads, int kvHeads, int vocabulary) {}

  /**
   * A CLIP tower.
   *
   * @param hidden width of a position
   * @param wide width inside a layer's perceptron
   * @param layers number of layers
   * @param heads attention heads
   * @param side height and width of the picture, in pixels
   * @param patch height and width of a patch, in pixels
   */
  record Tower(int hidden, int wide, int layers, int heads, int side, int patch) {}

  /**
   * Returns a shape.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  static RandomShape named(String name) {
    return ALL.stream()
        .filter(shape -> shape.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no shape '%s', expected one of %s"
                        .formatted(name, ALL.stream().map(RandomShape::name).toList())));
  }

  /** Returns config.json. */
  ObjectNode config() {
    ObjectNode decoder = decoder();
    if (tower.isEmpty()) {
      return decoder;
    }
    Tower clip = tower.get();
    ObjectNode config = Json.object();
    config.putArray("architectures").add("LlavaForConditionalGeneration");
    config.put("model_type", "llava");
    config.put("image_token_index", IMAGE_TOKEN);
    config.put("projector_hidden_act", "gelu");
    config.put("vision_feature_layer", -2);
    config.put("vision_feature_select_strategy", "default");
    config.put("torch_dtype", "float16");
    config.set("text_config", decoder);
    ObjectNode vision = config.putObject("vision_config");
    vision.put("model_type", "clip_vision_model");
    vision.put("hidden_act", "quick_gelu");
    vision.put("hidden_size", clip.hidden);
    vision.put("intermediate_size", clip.wide);
    vision.put("num_hidden_layers", clip.layers);
    vision.put("num_attention_heads", clip.heads);
    vision.put("image_size", clip.side);
    vision.put("patch_size", clip.patch);
    return config;
  }

  private ObjectNode decoder() {
    ObjectNode config = Json.object();
    config
        .putArray("architectures")
        .add((text.type.equals("mistral") ? "Mistral" : "Llama") + "ForCausalLM");
    config.put("model_type", text.type);
    config.put("hidden_act", "silu");
    config.put("hidden_size", text.hidden);
    config.put("intermediate_size", text.wide);
    config.put("num_hidden_layers", text.layers);
    config.put("num_attention_heads", text.heads);
    config.put("num_key_value_heads", text.kvHeads);
    config.put("vocab_size", text.vocabulary);
    config.put("max_position_embeddings", 2048);
    config.putNull("sliding_window");
    config.put("rms_norm_eps", 1e-5);
    config.put("rope_theta", 10000.0);
    config.put("bos_token_id", RandomTokenizer.BEGIN);
    config.put("eos_token_id", RandomTokenizer.END);
    config.put("tie_word_embeddings", false);
    config.put("torch_dtype", "float16");
    return config;
  }

  /** Returns the extents of every tensor, by its name in a checkpoint. */
  Map<String, List<Integer>> tensors() {
    Map<String, List<Integer>> tensors = new LinkedHashMap<>();
    tower.ifPresent(clip -> vision(tensors, clip));
    String prefix = tower.isPresent() ? "language_model." : "";
    int d = text.hidden;
    tensors.put(prefix + "model.embed_tokens.weight", List.of(text.vocabulary, d));
    for (int i = 0; i < text.layers; i++) {
      layer(tensors, prefix + "model.layers." + i + ".");
    }
    tensors.put(prefix + "model.norm.weight", List.of(d));
    tensors.put(prefix + "lm_head.weight", List.of(text.vocabulary, d));
    return tensors;
  }

  private void layer(Map<String, List<Integer>> tensors, String name) {
    int d = text.hidden;
    int narrow = d / text.heads * text.kvHeads;
    tensors.put(name + "input_layernorm.weight", List.of(d));
    tensors.put(name + "self_attn.q_proj.weight", List.of(d, d));
    tensors.put(name + "self_attn.k_proj.weight", List.of(narrow, d));
    tensors.put(name + "self_attn.v_proj.weight", List.of(narrow, d));
    tensors.put(name + "self_attn.o_proj.weight", List.of(d, d));
    tensors.put(name + "post_attention_layernorm.weight", List.of(d));
    tensors.put(name + "mlp.gate_proj.weight", List.of(text.wide, d));
    tensors.put(name + "mlp.up_proj.weight", List.of(text.wide, d));
    tensors.put(name + "mlp.down_proj.weight", List.of(d, text.wide));
  }

  private void vision(Map<String, List<Integer>> tensors, Tower clip) {
    String model = "vision_tower.vision_model.";
    int d = clip.hidden;
    int positions = (clip.side / clip.patch) * (clip.side / clip.patch) + 1;
    tensors.put(model + "embeddings.class_embedding", List.of(d));
    tensors.put(model + "embeddings.patch_embedding.weight", List.of(d, 3, clip.patch, clip.patch));
    tensors.put(model + "embeddings.position_embedding.weight", List.of(positions, d));
    biased(tensors, model + "pre_layrnorm", List.of(d));
    for (int i = 0; i < clip.layers; i++) {
      String name = model + "encoder.layers." + i + ".";
      biased(tensors, name + "layer_norm1", List.of(d));
      for (String part : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
        biased(tensors, name + "self_attn." + part, List.of(d, d));
      }
      biased(tensors, name + "layer_norm2", List.of(d));
      biased(tensors, name + "mlp.fc1", List.of(clip.wide, d));
      biased(tensors, name + "mlp.fc2", List.of(d, clip.wide));
    }
    biased(tensors, model + "post_layernorm", List.of(d));
    biased(tensors, "multi_modal_projector.linear_1", List.of(text.hidden, d));
    biased(tensors, "multi_modal_projector.linear_2", List.of(text.hidden, text.hidden));
  }

  private static void biased(
      Map<String, List<Integer>> tensors, String name, List<Integer> extents) {
    tensors.put(name + ".weight", extents);
    tensors.put(name + ".bias", extents.subList(0, 1));
  }
}
