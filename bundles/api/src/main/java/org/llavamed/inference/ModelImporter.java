package org.llavamed.inference;

import org.osgi.annotation.versioning.ProviderType;

/** Turns a checkpoint into a model folder that {@link ModelRuntime} opens. */
@ProviderType
public interface ModelImporter {
  /**
   * Imports a checkpoint and holds each decoder, run alone, against it. One that this machine lacks
   * the memory for is kept unchecked, which {@code selfCheck.notRun} in llavamed.json says. Nothing
   * is left in the model folder if the import fails or the calling thread is interrupted.
   *
   * @throws ModelException if a file is missing or damaged, a tensor is missing or has another
   *     shape than config.json implies, or the architecture is not supported
   */
  ModelCard importCheckpoint(ImportRequest request, Progress progress);
}
