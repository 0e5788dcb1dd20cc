package org.llavamed.importer.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.llavamed.checkpoint.Checkpoint;
import org.llavamed.checkpoint.ConfigReader;
import org.llavamed.checkpoint.Json;
import org.llavamed.checkpoint.LlavaConfig;
import org.llavamed.checkpoint.TextConfig;
import org.llavamed.checkpoint.TextConfig.Family;
import org.llavamed.checkpoint.TokenizerFile;
import org.llavamed.checkpoint.VisionConfig;
import org.llavamed.inference.ImportRequest;
import org.llavamed.inference.ModelException;

/**
 * The flat config.json of the original LLaVA code: LLaVA-Med v1.0 and v1.5, LLaVA-1.5.
 *
 * <p>A picture's place in the prompt: v1.0 has tokens of its own for it, {@code <im_patch>} between
 * {@code <im_start>} and {@code <im_end>}. Later versions write -200, which is no token; here the
 * tokenizer gets {@code <image>} behind its other tokens. The embedding table gets a row of zeros
 * for it, as transformers.js looks every token up; the picture's features replace what was found.
 * The output matrix stays as it is, so the model cannot write the token.
 */
final class OriginalConfig {
  private static final int MOST_BEHIND = 64;
  private static final String START = "<im_start>";
  private static final String END = "<im_end>";
  private static final String PATCH = "<im_patch>";
  private static final List<String> DECODER_KEYS =
      List.of(
          "attention_bias",
          "bos_token_id",
          "eos_token_id",
          "head_dim",
          "hidden_act",
          "hidden_size",
          "intermediate_size",
          "max_position_embeddings",
          "num_attention_heads",
          "num_hidden_layers",
          "num_key_value_heads",
          "pad_token_id",
          "rms_norm_eps",
          "rope_parameters",
          "rope_theta",
          "sliding_window",
          "tie_word_embeddings",
          "vocab_size");

  private final ConfigReader top;
  private final Family family;
  private final TokenizerFile tokenizer;

  OriginalConfig(ConfigReader top, Family family, TokenizerFile tokenizer) {
    this.top = top;
    this.family = family;
    this.tokenizer = tokenizer;
  }

  /**
   * Reads the configuration.
   *
   * @param checkpoint takes the tower from its folder, where it lacks it
   * @throws ModelException if a value is not supported, or a tower or token is missing
   */
  Source read(Path folder, Checkpoint checkpoint, ImportRequest request) {
    boolean keepsClass =
        top.oneOf("mm_vision_select_feature", "patch", List.of("patch", "cls_patch"))
            .equals("cls_patch");
    VisionConfig.Use use = VisionConfig.Use.of(top, "mm_vision_select_layer", keepsClass);
    TextConfig text = TextConfig.of(top, family, false);
    int projectorLayers = LlavaConfig.projectorLayers(top, "linear");
    boolean padded = LlavaConfig.padded(top);
    PictureMarks marks = marks();
    Tower tower = Tower.of(top, checkpoint, request.visionTower(), use);
    tower.checkWidth(top);
    int picture = tokenizer.id(marks.picture()).orElseGet(() -> tokenizer.add(marks.picture()));
    if (picture >= text.vocabulary() + MOST_BEHIND) {
      throw ModelException.invalid(
          tokenizer.file(),
          "the picture's token %s has the id %d, vocab_size in config.json is %d"
              .formatted(marks.picture(), picture, text.vocabulary()),
          "Use the tokenizer that belongs to this checkpoint");
    }
    LlavaConfig llava =
        new LlavaConfig(tower.config(), text, projectorLayers, true, picture, padded);
    return new Source(
        folder,
        checkpoint,
        new Source.Settings(
            translated(llava, tower),
            new Source.Pictures(llava, tower.preprocessor(), tower.preprocessorFile(), marks)),
        tokenizer,
        template(marks));
  }

  private String template(PictureMarks marks) {
    if (family == Family.MISTRAL) {
      return "mistral_instruct";
    }
    return marks.start().isEmpty() ? "vicuna_v1" : "llava_med_v1_trained";
  }

  private PictureMarks marks() {
    OptionalInt patch = tokenizer.id(PATCH);
    String picture = patch.isPresent() ? PATCH : PictureMarks.IMAGE;
    if (!top.flag("mm_use_im_start_end", false)) {
      return new PictureMarks(picture, "", "");
    }
    for (String mark : List.of(START, END)) {
      if (tokenizer.id(mark).isEmpty()) {
        throw ModelException.invalid(
            tokenizer.file(),
            "there is no token %s, which mm_use_im_start_end in config.json asks for"
                .formatted(mark),
            "Use the tokenizer that belongs to this checkpoint");
      }
    }
    return new PictureMarks(picture, START, END);
  }

  /** The same as a LlavaForConditionalGeneration, which transformers.js reads. */
  private ObjectNode translated(LlavaConfig llava, Tower tower) {
    ObjectNode config = Json.object();
    config.putArray("architectures").add("LlavaForConditionalGeneration");
    config.put("model_type", "llava");
    config.put("image_aspect_ratio", llava.padded() ? "pad" : "square");
    config.put("image_seq_length", llava.vision().tokens());
    config.put("image_token_index", llava.imageTokenId());
    config.put("multimodal_projector_bias", true);
    config.put("projector_hidden_act", "gelu");
    config.put("tie_word_embeddings", llava.text().tied());
    config.put("vision_feature_layer", top.node().path("mm_vision_select_layer").asInt(-2));
    config.put("vision_feature_select_strategy", llava.vision().keepsClass() ? "full" : "default");
    config.set("vision_config", tower.described());
    ObjectNode decoder = config.putObject("text_config");
    decoder.put("model_type", family == Family.MISTRAL ? "mistral" : "llama");
    for (String key : DECODER_KEYS) {
      JsonNode value = top.node().path(key);
      if (!value.isMissingNode()) {
        decoder.set(key, value);
      }
    }
    return config;
  }
}
