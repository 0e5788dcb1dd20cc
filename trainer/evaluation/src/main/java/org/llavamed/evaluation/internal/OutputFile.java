package org.llavamed.evaluation.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.llavamed.data.DataException;

/** Files that are written whole or not at all. */
final class OutputFile {
  private OutputFile() {}

  /**
   * Writes a text file in place of any that is there.
   *
   * @throws DataException if it cannot be written
   */
  static void write(Path file, String text) {
    Path part = file.resolveSibling("." + file.getFileName() + ".new");
    try {
      try {
        Files.writeString(part, text);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw DataException.unwritable(file, e);
    }
  }

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
