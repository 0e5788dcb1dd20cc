package org.llavamed.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes files that are there whole or not at all. */
public final class WholeFile {
  private WholeFile() {}

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes it to a file, which need not exist. */
    void write(Path file) throws IOException;
  }

  /**
   * Writes a file under another name beside it and moves it, in place of any that is there.
   *
   * @throws DataException if it cannot be written
   */
  public static void write(Path file, Content content) {
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

  /**
   * Writes a text file, as {@link #write(Path, Content)} does.
   *
   * @throws DataException if it cannot be written
   */
  public static void write(Path file, String text) {
    write(file, part -> Files.writeString(part, text));
  }
}
