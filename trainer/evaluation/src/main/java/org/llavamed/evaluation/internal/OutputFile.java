package org.llavamed.evaluation.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.llavamed.data.DataException;

/** Where results go. */
final class OutputFile {
  private OutputFile() {}

  /**
   * Makes a folder where there is none.
   *
   * @throws DataException if it cannot be made
   */
  static void makeFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw DataException.unwritable(folder, e);
    }
  }
}
