package org.llavamed.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WholeFileTest {
  @TempDir private Path folder;

  @Test
  void aFileReplacesTheOneThatIsThere() throws IOException {
    Path file = folder.resolve("a.txt");
    WholeFile.write(file, "first");
    WholeFile.write(file, "second");
    assertThat(file).hasContent("second");
    assertThat(folder.toFile().list()).containsExactly("a.txt");
  }

  @Test
  void whatFailsLeavesTheFileAsItWasAndNothingBesideIt() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "first");
    assertThatThrownBy(
            () ->
                WholeFile.write(
                    file,
                    part -> {
                      Files.writeString(part, "half");
                      throw new IOException("full");
                    }))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file.toString());
    assertThat(file).hasContent("first");
    assertThat(folder.toFile().list()).containsExactly("a.txt");
  }
}
