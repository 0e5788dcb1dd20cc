package org.llavamed.checkpoint;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One name for each tensor, whatever the layout of its checkpoint: that of Hugging Face's older
 * LLaVA exports, {@code vision_tower.vision_model.*}, {@code multi_modal_projector.linear_1.*} and
 * so on, {@code language_model.model.*}, {@code language_model.lm_head.weight}.
 *
 * <p>Read as the same: newer exports (parts under {@code model.}, the output matrix on its own, the
 * tower without {@code vision_model}), the original LLaVA layout ({@code model.layers.*}, {@code
 * model.mm_projector.*}, {@code model.vision_tower.vision_tower.*}), language models alone and CLIP
 * towers alone.
 */
public final class TensorNames {
  /** Before the names of the tower. */
  public static final String VISION = "vision_tower.vision_model.";

  /** Before the names of the projector. */
  public static final String PROJECTOR = "multi_modal_projector.";

  /** Before the names of the decoder. */
  public static final String TEXT = "language_model.";

  /** The embedding table. */
  public static final String EMBEDDINGS = TEXT + "model.embed_tokens.weight";

  /** The output matrix. */
  public static final String OUTPUT = TEXT + "lm_head.weight";

  private static final Pattern PROJECTOR_LAYER = Pattern.compile("(\\d{1,3})\\.(.+)");

  private TensorNames() {}

  /** Returns the one name for the name that a file has. */
  public static String of(String name) {
    String part = without("model.", name);
    if (part.startsWith("vision_tower.")) {
      return tower(without("vision_tower.", without("vision_tower.", part)));
    }
    if (part.matches("(vision_model|encoder|embeddings|pre_layrnorm|post_layernorm)\\..*")) {
      return tower(part);
    }
    if (part.startsWith("mm_projector.")) {
      return projector(without("mm_projector.", part));
    }
    if (part.startsWith("lm_head.")) {
      return TEXT + part;
    }
    if (part.matches("(layers|embed_tokens|norm)\\..*")) {
      return TEXT + "model." + part;
    }
    if (part.startsWith(TEXT) && !part.matches("language_model\\.(model|lm_head)\\..*")) {
      return TEXT + "model." + without(TEXT, part);
    }
    return part;
  }

  private static String tower(String part) {
    return VISION + without("vision_model.", part);
  }

  /** Linear layers stand at even places of the original's list of modules, GELU at the odd ones. */
  private static String projector(String part) {
    Matcher layer = PROJECTOR_LAYER.matcher(part);
    return layer.matches()
        ? PROJECTOR + "linear_" + (Integer.parseInt(layer.group(1)) / 2 + 1) + "." + layer.group(2)
        : PROJECTOR + "linear_1." + part;
  }

  private static String without(String start, String name) {
    return name.startsWith(start) ? name.substring(start.length()) : name;
  }
}
