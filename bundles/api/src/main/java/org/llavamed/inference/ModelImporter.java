package org.llavamed.inference;

import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/** Turns a checkpoint folder into a model folder that {@link ModelRuntime} opens. */
@ProviderType
public interface ModelImporter {
  /** How weights are stored. */
  enum Precision {
    /** 32-bit floating point. */
    FP32,
    /** 8-bit whole numbers, one scale a channel; activations quantised with one scale a token. */
    INT8
  }

  /**
   * Imports a checkpoint.
   *
   * @param checkpoint Hugging Face folder: config.json, safetensors, tokenizer.json,
   *     preprocessor_config.json
   * @param out the model folder; must not exist or be empty; nothing is left there if the import
   *     fails
   * @throws ModelException if a file is missing or damaged, a tensor is missing or has another
   *     shape than config.json implies, or the architecture is not supported
   */
  ModelCard importCheckpoint(Path checkpoint, Path out, Precision precision, Progress progress);
}
