package org.llavamed.checkpoint;

import java.util.List;

/**
 * The decoder, of LLaMA's shape.
 *
 * @param hidden width of a position
 * @param intermediate width inside a layer's perceptron
 * @param layers number of layers
 * @param heads attention heads
 * @param kvHeads heads of keys and values; each serves heads / kvHeads heads
 * @param headSize width of a head
 * @param vocabulary number of tokens
 * @param epsilon of the root-mean-square normalisations
 * @param ropeTheta base of the rotary position embedding
 * @param context most positions
 * @param tied whether the output matrix is the embedding table
 */
public record TextConfig(
    int hidden,
    int intermediate,
    int layers,
    int heads,
    int kvHeads,
    int headSize,
    int vocabulary,
    float epsilon,
    float ropeTheta,
    int context,
    boolean tied) {

  /** Kinds of decoders: they differ in what their configuration leaves out. */
  public enum Family {
    /** LLaMA and what was made from it. */
    LLAMA,
    /** Mistral, whose sliding window only limits the context here. */
    MISTRAL
  }

  /** Returns the family that model_type names. */
  public static Family family(ConfigReader text) {
    String type = text.oneOf("model_type", "llama", List.of("llama", "mistral"));
    return type.equals("mistral") ? Family.MISTRAL : Family.LLAMA;
  }

  /**
   * Reads the decoder's configuration.
   *
   * @param family whose defaults stand where a key is missing
   * @param tied whether the output matrix is the embedding table where the key is missing
   */
  public static TextConfig of(ConfigReader text, Family family, boolean tied) {
    boolean mistral = family == Family.MISTRAL;
    text.oneOf("hidden_act", "silu", List.of("silu"));
    if (text.flag("attention_bias", false) || text.flag("mlp_bias", false)) {
      throw text.wrong(text.flag("mlp_bias", false) ? "mlp_bias" : "attention_bias", "false");
    }
    int heads = text.count("num_attention_heads", 32, 4096);
    int hidden = text.count("hidden_size", 4096, 1 << 20);
    TextConfig config =
        new TextConfig(
            hidden,
            text.count("intermediate_size", mistral ? 14336 : 11008, 1 << 22),
            text.count("num_hidden_layers", 32, 1024),
            heads,
            text.count("num_key_value_heads", mistral ? 8 : heads, 4096),
            text.count("head_dim", Math.max(1, hidden / heads), 256),
            text.count("vocab_size", 32000, 1 << 24),
            text.number("rms_norm_eps", 1e-6f),
            ropeTheta(text),
            context(text, mistral),
            text.flag("tie_word_embeddings", tied));
    return config.checked(text);
  }

  private TextConfig checked(ConfigReader text) {
    if (heads % kvHeads != 0) {
      throw text.wrong("num_key_value_heads", "a divisor of num_attention_heads " + heads);
    }
    if (headSize % 2 != 0) {
      throw text.wrong("head_dim", "an even number, as halves of a head are rotated");
    }
    return this;
  }

  private static float ropeTheta(ConfigReader text) {
    for (String key : List.of("rope_scaling", "rope_parameters")) {
      ConfigReader rope = text.inside(key);
      String type = rope.text("rope_type", rope.text("type", "default"));
      if (!type.equals("default")) {
        throw text.wrong(key, "the unscaled rotary embedding");
      }
    }
    float absent = text.inside("rope_parameters").number("rope_theta", 10000f);
    return text.number("rope_theta", absent);
  }

  /**
   * The least of what model, tokenizer and sliding window allow: inside a window attention is
   * complete, longer prompts are refused by the runtime. A Mistral decoder whose configuration does
   * not name its window has one of 4096, one with null has none, as in transformers.
   */
  private static int context(ConfigReader text, boolean mistral) {
    int most = text.count("max_position_embeddings", mistral ? 131072 : 2048, 1 << 18);
    int positions = Math.min(most, text.count("tokenizer_model_max_length", most, 1 << 30));
    int absent = mistral && !text.node().has("sliding_window") ? 4096 : positions;
    return Math.min(positions, text.count("sliding_window", absent, Integer.MAX_VALUE));
  }
}
