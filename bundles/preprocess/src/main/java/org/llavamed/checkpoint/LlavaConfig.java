package org.llavamed.checkpoint;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model that looks at pictures.
 *
 * @param vision the tower
 * @param text the decoder
 * @param projectorLayers linear layers from the tower's width to the decoder's, with the exact GELU
 *     between them; 1 or more
 * @param projectorBias whether they have a bias
 * @param imageTokenId id of the token that stands for a picture's positions; where it is the
 *     vocabulary's size or more, no text becomes it and the embedding table has a row of zeros for
 *     it that the picture's features replace
 * @param padded whether pictures are padded to a square, else cropped to one
 */
public record LlavaConfig(
    VisionConfig vision,
    TextConfig text,
    int projectorLayers,
    boolean projectorBias,
    int imageTokenId,
    boolean padded) {

  private static final Pattern PROJECTOR = Pattern.compile("mlp([1-9]\\d?)x_gelu");

  /**
   * Reads config.json of a LlavaForConditionalGeneration.
   *
   * @throws org.llavamed.inference.ModelException if a value is not supported
   */
  public static LlavaConfig of(ConfigReader top) {
    top.oneOf("model_type", "(none)", List.of("llava"));
    for (String part : List.of("vision_config", "text_config")) {
      if (!top.node().path(part).isObject()) {
        throw top.wrong(part, "an object");
      }
    }
    top.oneOf("projector_hidden_act", "gelu", List.of("gelu"));
    boolean keepsClass =
        top.oneOf("vision_feature_select_strategy", "default", List.of("default", "full"))
            .equals("full");
    VisionConfig vision =
        VisionConfig.of(
            top.inside("vision_config"),
            VisionConfig.Use.of(top, "vision_feature_layer", keepsClass));
    ConfigReader decoder = top.inside("text_config");
    boolean tied = top.flag("tie_word_embeddings", false);
    TextConfig text = TextConfig.of(decoder, TextConfig.family(decoder), tied);
    if (top.id("image_seq_length", vision.tokens()) != vision.tokens()) {
      throw top.wrong("image_seq_length", vision.tokens() + " as vision_config implies");
    }
    int imageToken = top.id("image_token_index", top.id("image_token_id", text.vocabulary()));
    if (imageToken >= text.vocabulary()) {
      throw top.wrong("image_token_index", "an id below vocab_size " + text.vocabulary());
    }
    return new LlavaConfig(
        vision,
        text,
        projectorLayers(top, "mlp2x_gelu"),
        top.flag("multimodal_projector_bias", true),
        imageToken,
        padded(top));
  }

  /**
   * Returns the linear layers of the projector. In a LlavaForConditionalGeneration the key is ours:
   * transformers has no other projector there than one of two layers.
   *
   * @param absent the type where mm_projector_type is missing
   */
  public static int projectorLayers(ConfigReader top, String absent) {
    String type = top.text("mm_projector_type", absent);
    Matcher layers = PROJECTOR.matcher(type);
    if (layers.matches()) {
      return Integer.parseInt(layers.group(1));
    }
    if (!type.equals("linear")) {
      throw top.wrong("mm_projector_type", "linear or mlpNx_gelu with N from 1 to 99");
    }
    return 1;
  }

  /** Returns whether image_aspect_ratio asks for padding. */
  public static boolean padded(ConfigReader top) {
    return top.oneOf("image_aspect_ratio", "square", List.of("square", "pad")).equals("pad");
  }
}
