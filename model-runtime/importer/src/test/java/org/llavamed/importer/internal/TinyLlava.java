package org.llavamed.importer.internal;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The checkpoint that the embedded model was imported from; it is not part of the project. */
final class TinyLlava {
  private static final Path CHECKPOINT =
      Path.of(System.getProperty("shared.data", "../shared/data"), "tiny-llava");

  private TinyLlava() {}

  /** Copies the checkpoint and the embedded model's card into {@code folder}, or skips the test. */
  static Path copyInto(Path folder) throws IOException {
    boolean present = Files.isRegularFile(CHECKPOINT.resolve("model.safetensors"));
    if (!present) {
      System.out.println("SKIPPED: " + CHECKPOINT + " is not there, set shared.data");
    }
    assumeTrue(present, CHECKPOINT + " is not there");
    Files.createDirectories(folder);
    try (Stream<Path> files = Files.list(CHECKPOINT)) {
      List<Path> all = files.filter(file -> !file.endsWith("expected.json")).toList();
      for (Path file : all) {
        Files.write(folder.resolve(file.getFileName()), Files.readAllBytes(file));
      }
    }
    Path card = Path.of("src/test/resources/tiny-vqa", ModelInfo.FILE);
    Files.copy(card, folder.resolve(ModelInfo.FILE));
    return folder;
  }
}
