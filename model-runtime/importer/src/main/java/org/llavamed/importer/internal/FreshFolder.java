package org.llavamed.importer.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.llavamed.inference.ModelException;

/**
 * A folder that comes into being whole or not at all: it is filled under another name beside its
 * place and moved there at the end.
 */
final class FreshFolder implements AutoCloseable {
  private static final Logger LOG = System.getLogger(FreshFolder.class.getName());
  private static final int ATTEMPTS = 5;

  private final Path target;
  private final Path draft;
  private final Thread cleaner;

  /**
   * Makes the draft.
   *
   * @param target must not exist or be an empty folder
   * @throws ModelException if it exists and is not empty
   */
  FreshFolder(Path target) throws IOException {
    this.target = target.toAbsolutePath().normalize();
    Path parent = expectFree(this.target);
    Files.createDirectories(parent);
    for (Path left : drafts(this.target)) {
      LOG.log(
          Level.WARNING,
          "{0} is left of an import that was killed, or of one that runs now: delete it if none does",
          left);
    }
    // Not a temporary folder of the JDK's making, which only its owner could read.
    this.draft = Files.createDirectory(parent.resolve(prefix(this.target) + UUID.randomUUID()));
    this.cleaner = new Thread(() -> delete(draft), "remove-unfinished-import");
    Runtime.getRuntime().addShutdownHook(cleaner);
  }

  private static String prefix(Path target) {
    return "." + target.getFileName() + ".import-";
  }

  /** Returns the drafts of a target: of imports that run, or of some that were killed. */
  static List<Path> drafts(Path target) throws IOException {
    try (Stream<Path> files = Files.list(target.toAbsolutePath().normalize().getParent())) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix(target)))
          .sorted()
          .toList();
    }
  }

  /**
   * Checks that a folder can be made.
   *
   * @return the folder around it
   * @throws ModelException if it exists and is not empty
   */
  static Path expectFree(Path target) throws IOException {
    Path parent = target.getParent();
    if (parent == null || (Files.exists(target) && !isEmptyFolder(target))) {
      throw ModelException.invalid(
          target,
          "it exists and is not an empty folder",
          "Name a folder that does not exist yet, or remove this one");
    }
    return parent;
  }

  /** Returns the folder to be filled. */
  Path draft() {
    return draft;
  }

  /** Moves the draft to its place. */
  void keep() throws IOException {
    if (Files.exists(target)) {
      Files.delete(target);
    }
    try {
      Files.move(draft, target);
    } catch (FileAlreadyExistsException e) {
      throw ModelException.invalid(
          target, "it was made by someone else meanwhile", "Name another folder", e);
    }
  }

  /** Removes the draft, where it was not kept. */
  @Override
  public void close() {
    delete(draft);
    try {
      Runtime.getRuntime().removeShutdownHook(cleaner);
    } catch (IllegalStateException e) {
      // The JVM is shutting down: the hook has run or is running, there is nothing left to undo.
      return;
    }
  }

  private static boolean isEmptyFolder(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return false;
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.findAny().isEmpty();
    }
  }

  /**
   * Removes a folder with all it holds; a few times, as at the JVM's end the import may still be
   * writing. What cannot be removed is left with its telling name.
   */
  private static void delete(Path folder) {
    for (int attempt = 1; Files.exists(folder); attempt++) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      } catch (IOException | UncheckedIOException e) {
        if (attempt == ATTEMPTS) {
          LOG.log(Level.WARNING, "Remove {0} by hand: {1}", folder, e);
          return;
        }
      }
    }
  }
}
