package org.llavamed.importer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.ModelImporter.Precision;
import org.llavamed.inference.Progress;

/** The committed model in dist/models/tiny-vqa. */
final class EmbeddedModelTest {
  private static final Path EMBEDDED = Path.of("../../dist/models/tiny-vqa");

  @TempDir Path scratch;

  @Test
  void importingItsCheckpointGivesItsBytes() throws IOException {
    Path checkpoint = TinyLlava.copyInto(scratch.resolve("tiny-vqa"));
    Path out = scratch.resolve("model");
    ModelCard card =
        new HuggingFaceImporter().importCheckpoint(checkpoint, out, Precision.FP32, Progress.NONE);
    assertThat(card.name()).isEqualTo("tiny-vqa");
    for (Path file : files(out)) {
      assertThat(out.resolve(file)).hasSameBinaryContentAs(EMBEDDED.resolve(file));
    }
    assertThat(files(EMBEDDED))
        .filteredOn(file -> !file.endsWith("README.md"))
        .isEqualTo(files(out));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).map(folder::relativize).sorted().toList();
    }
  }
}
