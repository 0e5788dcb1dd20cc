package org.llavamed.importer.internal;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.llavamed.checkpoint.ConfigReader;
import org.llavamed.checkpoint.TextConfig.Family;
import org.llavamed.inference.ModelException;

/** What checkpoints are of, named by the first architecture in config.json. */
enum Architecture {
  /** Hugging Face's: vision_config and text_config inside config.json. */
  HUGGING_FACE("LlavaForConditionalGeneration", Kind.LLAVA, Family.LLAMA),
  /** The original LLaVA code's with a LLaMA decoder: LLaVA-Med v1.0, LLaVA-1.5. */
  ORIGINAL_LLAMA("LlavaLlamaForCausalLM", Kind.ORIGINAL, Family.LLAMA),
  /** The original LLaVA code's with a Mistral decoder: LLaVA-Med v1.5. */
  ORIGINAL_MISTRAL("LlavaMistralForCausalLM", Kind.ORIGINAL, Family.MISTRAL),
  /** A LLaMA without a tower. */
  TEXT_LLAMA("LlamaForCausalLM", Kind.TEXT, Family.LLAMA),
  /** A Mistral without a tower. */
  TEXT_MISTRAL("MistralForCausalLM", Kind.TEXT, Family.MISTRAL);

  /** How config.json is written. */
  enum Kind {
    /** Two objects inside. */
    LLAVA,
    /** Flat, with mm_ keys. */
    ORIGINAL,
    /** Flat, of the decoder alone. */
    TEXT
  }

  private final String className;
  private final Kind kind;
  private final Family family;

  Architecture(String className, Kind kind, Family family) {
    this.className = className;
    this.kind = kind;
    this.family = family;
  }

  Kind kind() {
    return kind;
  }

  /** Returns the decoder's family, where the configuration does not say it elsewhere. */
  Family family() {
    return family;
  }

  /**
   * Returns the layout that config.json names.
   *
   * @throws ModelException if it names another one or none
   */
  static Architecture of(ConfigReader top) {
    String found = top.texts("architectures").stream().findFirst().orElse("");
    for (Architecture known : values()) {
      if (known.className.equals(found)) {
        return known;
      }
    }
    throw ModelException.invalid(
        top.file(),
        "it describes %s of model_type %s, expected one of %s"
            .formatted(
                found.isEmpty() ? "no architecture" : found,
                top.text("model_type", "(none)"),
                Arrays.stream(values())
                    .map(known -> known.className)
                    .collect(Collectors.joining(", "))),
        "Import a LLaVA, LLaMA or Mistral checkpoint");
  }
}
