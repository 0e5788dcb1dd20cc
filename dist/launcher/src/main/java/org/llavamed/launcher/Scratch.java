package org.llavamed.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A temporary folder of this process alone, readable by its user alone; closing removes it.
 *
 * @param folder exists until this is closed
 */
record Scratch(Path folder) implements AutoCloseable {
  /**
   * Makes the folder.
   *
   * @throws LaunchException if the folder for temporary files cannot be written
   */
  static Scratch create() {
    try {
      return new Scratch(Files.createTempDirectory("llavamed-"));
    } catch (IOException e) {
      throw new LaunchException(
          "The folder for temporary files, %s, cannot be written: %s. Free some space or name another one: LLAVAMED_JAVA_OPTS=-Djava.io.tmpdir=FOLDER."
              .formatted(System.getProperty("java.io.tmpdir"), e.getMessage()));
    }
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println(
          "llavamed: the temporary folder %s is left over: %s".formatted(folder, e.getMessage()));
    }
  }
}
