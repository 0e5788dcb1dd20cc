package org.llavamed.dicom;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The reference files, where they are present: one folder with an index. */
final class SharedData {
  /** Folder of the files. */
  static final Path FOLDER = Path.of(System.getProperty("shared.data", "shared.data"), "dicom");

  private SharedData() {}

  /**
   * One row of the index.
   *
   * @param path of the file, relative to the folder
   * @param transferSyntax its UID; with a question mark where the file does not say it
   * @param decode what is expected of its pixels
   */
  record Row(String path, String transferSyntax, String decode) {
    Path file() {
      return FOLDER.resolve(path);
    }
  }

  /** Returns all rows; skips the test where the files are absent. */
  static List<Row> rows() throws IOException {
    Path index = FOLDER.resolve("INDEX.tsv");
    if (!Files.exists(index)) {
      System.out.println("Skipped: the reference files are not in " + FOLDER);
    }
    assumeTrue(Files.exists(index), "the reference files are not in " + FOLDER);
    return Files.readAllLines(index).stream()
        .skip(1)
        .map(line -> line.split("\t", -1))
        .map(row -> new Row(row[1], row[6], row[21]))
        .toList();
  }
}
