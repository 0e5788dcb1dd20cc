package org.llavamed.model.internal;

import java.nio.file.Path;
import org.llavamed.inference.ModelRuntime;

/** The product's runtime, outside of the framework. */
public final class Runtimes {
  private static final int POSITIONS = 2048;

  private Runtimes() {}

  /** Returns a runtime with one thread. */
  public static ModelRuntime of(Path modelFolder) {
    return new OnnxModelRuntime(new ModelSettings(modelFolder, 1, 0, POSITIONS));
  }
}
