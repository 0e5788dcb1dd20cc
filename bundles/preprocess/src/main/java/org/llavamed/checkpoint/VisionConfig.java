package org.llavamed.checkpoint;

import java.util.List;

/**
 * The CLIP tower.
 *
 * @param hidden width of a position
 * @param intermediate width inside a layer's perceptron
 * @param layers all layers of the checkpoint
 * @param heads attention heads
 * @param side height and width of the picture, in pixels
 * @param patch height and width of a patch, in pixels
 * @param quickGelu whether the activation is x * sigmoid(1.702 x), else the exact GELU
 * @param epsilon of the layer normalisations
 * @param layersRun layers that run until the hidden state that is taken
 * @param keepsClass whether the class token's position is kept
 */
public record VisionConfig(
    int hidden,
    int intermediate,
    int layers,
    int heads,
    int side,
    int patch,
    boolean quickGelu,
    float epsilon,
    int layersRun,
    boolean keepsClass) {

  /**
   * What a LLaVA model takes from the tower.
   *
   * @param layer number of a hidden state, from the embeddings' (0) to the last layer's, or from
   *     the end (-1)
   * @param keepsClass whether the class token's position is kept
   * @param top for messages
   * @param key for messages
   */
  public record Use(int layer, boolean keepsClass, ConfigReader top, String key) {
    /** Reads the number of the layer under a key; without it -2. */
    public static Use of(ConfigReader top, String key, boolean keepsClass) {
      if (top.has(key) && !top.node().get(key).isInt()) {
        throw top.wrong(key, "one whole number");
      }
      return new Use(top.node().path(key).asInt(-2), keepsClass, top, key);
    }

    private int layersRun(int layers) {
      int run = layer < 0 ? layers + 1 + layer : layer;
      if (run < 0 || run > layers) {
        throw top.wrong(key, "one whole number from %d to %d".formatted(-layers - 1, layers));
      }
      return run;
    }
  }

  /** Reads a tower's configuration; defaults are CLIP's. */
  public static VisionConfig of(ConfigReader vision, Use use) {
    vision.oneOf("model_type", "clip_vision_model", List.of("clip_vision_model"));
    if (vision.count("num_channels", 3, 64) != 3) {
      throw vision.wrong("num_channels", "3");
    }
    int layers = vision.count("num_hidden_layers", 12, 1024);
    VisionConfig config =
        new VisionConfig(
            vision.count("hidden_size", 768, 1 << 16),
            vision.count("intermediate_size", 3072, 1 << 20),
            layers,
            vision.count("num_attention_heads", 12, 1024),
            vision.count("image_size", 224, 4096),
            vision.count("patch_size", 32, 4096),
            vision
                .oneOf("hidden_act", "quick_gelu", List.of("quick_gelu", "gelu"))
                .equals("quick_gelu"),
            vision.number("layer_norm_eps", 1e-5f),
            use.layersRun(layers),
            use.keepsClass());
    if (config.hidden % config.heads != 0) {
      throw vision.wrong("num_attention_heads", "a divisor of hidden_size " + config.hidden);
    }
    if (config.patch > config.side) {
      throw vision.wrong("patch_size", "at most image_size " + config.side);
    }
    return config;
  }

  /** Returns the patches of a picture. */
  public int patches() {
    return (side / patch) * (side / patch);
  }

  /** Returns the positions that a picture takes in the prompt. */
  public int tokens() {
    return patches() + (keepsClass ? 1 : 0);
  }
}
