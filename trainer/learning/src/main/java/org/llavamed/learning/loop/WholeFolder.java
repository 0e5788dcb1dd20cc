package org.llavamed.learning.loop;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.llavamed.files.FileError;
import org.llavamed.learning.TrainingException;

/** Folders that are there once they are whole, and on the disk then, whatever happens. */
final class WholeFolder {
  /** Behind the name of a folder that is being written. */
  static final String HALF = ".half";

  private static final String OLD = ".old";

  private WholeFolder() {}

  /** What a folder holds. */
  @FunctionalInterface
  interface Content {
    void write(Path folder) throws IOException;
  }

  /**
   * Writes a folder under another name, and renames it when it is on the disk. One that is there is
   * replaced.
   *
   * @throws TrainingException if it cannot be written
   */
  static void write(Path folder, Content content) {
    Path half = folder.resolveSibling(folder.getFileName() + HALF);
    Path old = folder.resolveSibling(folder.getFileName() + OLD);
    try {
      remove(half);
      remove(old);
      Files.createDirectories(half);
      content.write(half);
      sync(half);
      if (Files.exists(folder)) {
        Files.move(folder, old, StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(half, folder, StandardCopyOption.ATOMIC_MOVE);
      syncFolder(folder.toAbsolutePath().resolveSibling(""));
      remove(old);
    } catch (IOException e) {
      FileError error = FileError.writing(folder, e);
      throw TrainingException.invalid(folder, error.found(), error.advice(), e);
    }
  }

  /** Removes a folder with all that is in it, where it is there. */
  static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    for (Path path : all(folder)) {
      Files.delete(path);
    }
  }

  private static void sync(Path folder) throws IOException {
    for (Path path : all(folder)) {
      if (Files.isDirectory(path)) {
        syncFolder(path);
      } else {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      }
    }
  }

  /** Returns what is in a folder, and then the folder itself. */
  private static List<Path> all(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.sorted(Comparator.reverseOrder()).toList();
    }
  }

  /** Brings the names of a folder's files to the disk, where the system opens folders for that. */
  private static void syncFolder(Path folder) throws IOException {
    if (System.getProperty("os.name").startsWith("Windows")) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
