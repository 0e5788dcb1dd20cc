package org.llavamed.trainer.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.llavamed.files.FileError;
import org.llavamed.learning.TrainingException;

/** Keeps others from training in the same folder; ends with the process at the latest. */
final class RunLock implements AutoCloseable {
  /** The file's name in the folder of the run. */
  static final String NAME = ".lock";

  private final FileChannel file;

  private RunLock(FileChannel file) {
    this.file = file;
  }

  /**
   * Takes the folder, and makes it where it is not there.
   *
   * @throws TrainingException if another process has it, or it cannot be written
   */
  static RunLock take(Path folder) {
    Path path = folder.resolve(NAME);
    try {
      Files.createDirectories(folder);
      FileChannel file =
          FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(file) == null) {
        file.close();
        throw TrainingException.invalid(
            folder, "another process trains there", "Wait for its end, or set another 'out'");
      }
      return new RunLock(file);
    } catch (IOException e) {
      FileError error = FileError.writing(path, e);
      throw TrainingException.invalid(path, error.found(), error.advice(), e);
    }
  }

  private static @Nullable Object tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // this process has it
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
