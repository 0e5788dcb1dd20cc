package org.llavamed.inference;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What is imported, and how.
 *
 * @param checkpoint folder with config.json, safetensors and tokenizer; with {@code base} it holds
 *     deltas
 * @param base folder of the checkpoint that deltas are added to
 * @param visionTower folder of the CLIP tower, where the checkpoint does not hold it
 * @param out the model folder; must not exist or be empty
 * @param template name of the conversation template; where absent it is found in the checkpoint
 * @param precisions of the weights
 * @param anyQuality whether a model is kept whose self-check finds it too far from the checkpoint
 */
public record ImportRequest(
    Path checkpoint,
    Optional<Path> base,
    Optional<Path> visionTower,
    Path out,
    Optional<String> template,
    Precisions precisions,
    boolean anyQuality) {

  /** Imports a folder that holds everything, with the template that is found in it. */
  public static ImportRequest of(Path checkpoint, Path out, Precisions precisions) {
    return new ImportRequest(
        checkpoint, Optional.empty(), Optional.empty(), out, Optional.empty(), precisions, false);
  }
}
