package org.llavamed.importer.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.llavamed.inference.ModelException;

/**
 * What config.json of a LlavaForConditionalGeneration says.
 *
 * @param vision the tower
 * @param text the decoder
 * @param projectorBias whether the projector's two linear layers have a bias
 * @param imageTokenId id of the token that stands for a picture's positions
 * @param padded whether pictures are padded to a square, else cropped to one
 */
record LlavaConfig(
    VisionConfig vision, TextConfig text, boolean projectorBias, int imageTokenId, boolean padded) {

  /**
   * Reads config.json.
   *
   * @throws ModelException if the architecture is another one, or a value is not supported
   */
  static LlavaConfig read(Path file) {
    ConfigReader top = new ConfigReader(file, "", Json.object(file));
    String architecture = top.node().path("architectures").path(0).asText("");
    if (!top.text("model_type", "").equals("llava")
        || !architecture.equals("LlavaForConditionalGeneration")) {
      throw ModelException.invalid(
          file,
          "it describes %s of model_type %s, expected LlavaForConditionalGeneration of model_type llava"
              .formatted(
                  architecture.isEmpty() ? "no architecture" : architecture,
                  top.text("model_type", "(none)")),
          "Import a LLaVA checkpoint in the layout of Hugging Face transformers");
    }
    for (String part : List.of("vision_config", "text_config")) {
      if (!top.node().path(part).isObject()) {
        throw top.wrong(part, "an object");
      }
    }
    top.oneOf("projector_hidden_act", "gelu", List.of("gelu"));
    VisionConfig vision = VisionConfig.of(top);
    TextConfig text = TextConfig.of(top);
    if (top.id("image_seq_length", vision.tokens()) != vision.tokens()) {
      throw top.wrong("image_seq_length", vision.tokens() + " as vision_config implies");
    }
    int imageToken = top.id("image_token_index", top.id("image_token_id", text.vocabulary()));
    if (imageToken >= text.vocabulary()) {
      throw top.wrong("image_token_index", "an id below vocab_size " + text.vocabulary());
    }
    String mode = top.oneOf("image_aspect_ratio", "square", List.of("square", "pad"));
    return new LlavaConfig(
        vision, text, top.flag("multimodal_projector_bias", true), imageToken, mode.equals("pad"));
  }

  /** Returns the id that begins a prompt: generation_config.json's, else config.json's, else 1. */
  static int beginToken(JsonNode generation, JsonNode config) {
    int configured = config.path("text_config").path("bos_token_id").asInt(1);
    return generation.path("bos_token_id").asInt(configured);
  }

  /** Returns the ids that end an answer: generation_config.json's, else config.json's, else 2. */
  static List<Integer> endTokens(JsonNode generation, JsonNode config) {
    for (JsonNode ids :
        List.of(
            generation.path("eos_token_id"),
            config.path("text_config").path("eos_token_id"),
            config.path("eos_token_id"))) {
      if (ids.isInt()) {
        return List.of(ids.intValue());
      }
      if (ids.isArray() && !ids.isEmpty()) {
        return StreamSupport.stream(ids.spliterator(), false).map(JsonNode::asInt).toList();
      }
    }
    return List.of(2);
  }
}
