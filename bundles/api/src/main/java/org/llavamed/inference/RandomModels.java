package org.llavamed.inference;

import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Makes models of random weights: they say nothing sensible, but are as large and as fast as models
 * of their shape. To measure and to test with.
 */
@ProviderType
public interface RandomModels {
  /** Returns the names of the shapes, the smallest first. */
  List<String> shapes();

  /**
   * Makes a model folder. Nothing is left of it if that fails or the calling thread is interrupted.
   *
   * @throws ModelException if the folder exists and is not empty, or cannot be written
   * @throws IllegalArgumentException if there is no such shape
   */
  ModelCard makeModel(RandomModel model, Progress progress);

  /**
   * Makes the checkpoint that {@link #makeModel} imports, for other programs: config.json, one
   * safetensors file of float16, tokenizer.json. The precisions are not looked at.
   *
   * @throws ModelException as {@link #makeModel}
   * @throws IllegalArgumentException if there is no such shape
   */
  void makeCheckpoint(RandomModel model, Progress progress);

  /**
   * A model of random weights.
   *
   * @param shape one of {@link RandomModels#shapes()}
   * @param seed of the random numbers: same seed, same weights
   * @param out folder to make; must not exist or be empty
   * @param precisions of the weights
   */
  record RandomModel(String shape, long seed, Path out, Precisions precisions) {}
}
