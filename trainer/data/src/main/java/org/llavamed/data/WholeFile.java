package org.llavamed.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes files that are there whole or not at all. */
final class WholeFile {
  private WholeFile() {}

  /** Writes the content of a file. */
  interface Content {
    void write(Path file) throws IOException;
  }

  /**
   * Writes a file under another name beside it and moves it.
   *
   * @throws DataException if it cannot be written
   */
  static void write(Path file, Content content) {
    Path whole = file.toAbsolutePath();
    Path part =
        whole.resolveSibling(whole.getFileName() + "." + ProcessHandle.current().pid() + ".part");
    try {
      try {
        content.write(part);
        Files.move(
            part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw DataException.unwritable(file, e);
    }
  }
}
