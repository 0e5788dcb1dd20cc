package org.llavamed.data;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Data that tests compare with and that are not part of the project. */
final class SharedFiles {
  private SharedFiles() {}

  /** Returns a file or folder, or skips the test where it is absent. */
  static Path path(String path) {
    Path found = Path.of(System.getProperty("shared.data", "../shared/data"), path);
    boolean present = Files.exists(found);
    if (!present) {
      System.out.println("SKIPPED: " + found + " is not there, set shared.data");
    }
    assumeTrue(present, found + " is not there");
    return found;
  }
}
