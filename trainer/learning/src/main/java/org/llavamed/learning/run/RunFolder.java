package org.llavamed.learning.run;

import java.nio.file.Path;

/**
 * What lies where in the folder of a run.
 *
 * @param root the recipe's {@code out}
 */
public record RunFolder(Path root) {
  /** Returns the recipe with all that it left out, which a run that goes on is held to. */
  public Path recipe() {
    return root.resolve("recipe.yaml");
  }

  /** Returns the folder of the checkpoints, each in a folder {@code step-00000500}. */
  public Path checkpoints() {
    return root.resolve("checkpoints");
  }

  /** Returns the folder of the trained model, in Hugging Face's layout; there once it is whole. */
  public Path model() {
    return root.resolve("model");
  }

  /**
   * Returns the adapters in PEFT's layout; there once they are whole, where adapters are trained.
   */
  public Path adapter() {
    return root.resolve("adapter");
  }

  /** Returns the ONNX model folder; there where it was asked for. */
  public Path onnx() {
    return root.resolve("onnx");
  }

  /** Returns the table of losses, rates and speeds, a line a step. */
  public Path metrics() {
    return root.resolve("metrics.csv");
  }

  /** Returns the folder of TensorBoard's event files. */
  public Path events() {
    return root.resolve("events");
  }

  /** Returns the report with the curves. */
  public Path report() {
    return root.resolve("report.html");
  }

  /** Returns the folder of what can be computed again: pictures of DICOM files, features. */
  public Path cache() {
    return root.resolve("cache");
  }

  /** Returns the folder of PNG files that are made of the data's DICOM files. */
  public Path rendered() {
    return cache().resolve("rendered");
  }

  /** Returns what a worker process wrote beside its events. */
  public Path log(int rank) {
    return root.resolve("logs").resolve("worker-%d.log".formatted(rank));
  }
}
