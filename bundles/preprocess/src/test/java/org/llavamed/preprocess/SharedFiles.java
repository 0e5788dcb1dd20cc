package org.llavamed.preprocess;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Files that tests compare with and that are not part of the project. */
final class SharedFiles {
  private SharedFiles() {}

  /** Returns a file, or skips the test where it is absent. */
  static Path file(String path) {
    Path file = Path.of(System.getProperty("shared.data", "../shared/data"), path);
    boolean present = Files.isRegularFile(file);
    if (!present) {
      System.out.println("SKIPPED: " + file + " is not there, set shared.data");
    }
    assumeTrue(present, file + " is not there");
    return file;
  }
}
