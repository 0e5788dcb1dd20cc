package org.llavamed.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ScratchTest {
  @Test
  void closingRemovesTheFolderWithAllThatIsInIt() throws Exception {
    Path folder;
    try (Scratch scratch = Scratch.create()) {
      folder = scratch.folder();
      Files.writeString(Files.createDirectories(folder.resolve("a/b")).resolve("c"), "c");
    }
    assertThat(folder).doesNotExist();
  }
}
