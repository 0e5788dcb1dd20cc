package org.llavamed.annotator.internal;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.ModelRuntime;
import org.llavamed.inference.VisionLanguageModel;

/** Holds the model that was asked last, so that it is opened once. Not safe for several threads. */
final class OpenModel implements AutoCloseable {
  private final ModelRuntime runtime;
  private @Nullable Path folder;
  private @Nullable VisionLanguageModel model;

  OpenModel(ModelRuntime runtime) {
    this.runtime = runtime;
  }

  /**
   * Returns the model of a folder; a model of another folder is closed.
   *
   * @throws ModelException if the model cannot be opened
   */
  VisionLanguageModel of(Path wanted) {
    Path absolute = wanted.toAbsolutePath().normalize();
    VisionLanguageModel open = model;
    if (open == null || !absolute.equals(folder)) {
      close();
      open = runtime.open(wanted);
      model = open;
      folder = absolute;
    }
    return open;
  }

  @Override
  public void close() {
    if (model != null) {
      model.close();
      model = null;
    }
  }
}
