package org.llavamed.importer.internal;

import java.nio.file.Path;
import java.util.List;
import org.llavamed.checkpoint.StoredTensor;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.Progress;

/** Counts the bytes of weights that are converted, and stops when the thread is interrupted. */
final class Work {
  private final Path checkpoint;
  private final Progress progress;
  private final long total;
  private long done;

  /**
   * @param total bytes of all tensors, as stored in the checkpoint
   */
  Work(Path checkpoint, long total, Progress progress) {
    this.checkpoint = checkpoint;
    this.total = total;
    this.progress = progress;
  }

  /** A tensor's turn has come. */
  void begin(StoredTensor tensor) {
    at(tensor.name());
  }

  /** Tensors are written. */
  void done(List<StoredTensor> tensors) {
    for (StoredTensor tensor : tensors) {
      done += tensor.length();
      progress.at(tensor.name(), done, total);
    }
  }

  /** Something else than a tensor is worked on. */
  void at(String what) {
    check();
    progress.at(what, done, total);
  }

  /**
   * Goes on, unless the thread is interrupted.
   *
   * @throws ModelException if it is; the flag stays set
   */
  void check() {
    if (Thread.currentThread().isInterrupted()) {
      throw stopped(checkpoint);
    }
  }

  /** Returns the error that the import was stopped from outside. */
  static ModelException stopped(Path checkpoint) {
    return ModelException.invalid(
        checkpoint, "the import was stopped, nothing was kept", "Start it again");
  }
}
