package org.llavamed.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Makes folders that are there whole or not at all. */
final class WholeFolder {
  private WholeFolder() {}

  /** Fills a folder. */
  interface Content {
    void write(Path folder) throws IOException;
  }

  /**
   * Fills a folder in one of another name beside it, new for each call, and moves it.
   *
   * @throws DataException if the folder is there and not empty, or cannot be made or filled
   */
  static void write(Path folder, Content content) {
    Path whole = folder.toAbsolutePath().normalize();
    checkFree(whole);
    String name = String.valueOf(whole.getFileName());
    try {
      Path beside = Files.createDirectories(whole.resolveSibling(""));
      Path part = Files.createTempDirectory(beside, name + ".part");
      try {
        // Within it, since only its owner may read a temporary folder.
        Path filled = Files.createDirectory(part.resolve(name));
        content.write(filled);
        Files.deleteIfExists(whole); // empty
        Files.move(filled, whole, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        delete(part);
      }
    } catch (IOException e) {
      throw DataException.unwritable(folder, e);
    }
  }

  private static void checkFree(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> content = Files.list(folder)) {
      if (content.findAny().isEmpty()) {
        return;
      }
    } catch (IOException e) {
      throw DataException.unwritable(folder, e);
    }
    throw DataException.invalid(
        folder, "the folder is not empty", "Name a folder that is empty or not there");
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> below = Files.walk(folder)) {
      all = below.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }
}
