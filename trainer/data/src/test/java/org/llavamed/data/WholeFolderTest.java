package org.llavamed.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WholeFolderTest {
  @TempDir private Path folder;

  /** Numbers of processes come again, in containers nearly always. */
  @Test
  void whatAKilledProcessOfTheSameNumberLeftIsNotTakenIn() throws IOException {
    Path left = folder.resolve("out." + ProcessHandle.current().pid() + ".part");
    Files.writeString(Files.createDirectories(left.resolve("images")).resolve("old"), "old");
    Path out = folder.resolve("out");
    WholeFolder.write(out, part -> Files.createDirectory(part.resolve("images")));
    assertThat(out.toFile().list()).containsExactly("images");
    assertThat(out.resolve("images")).isEmptyDirectory();
  }

  @Test
  void aFolderIsMadeWithItsParentsAndMayBeReadByWhomOthersMay() throws IOException {
    Path out = folder.resolve("a/b");
    WholeFolder.write(out, part -> Files.writeString(part.resolve("x"), "x"));
    assertThat(out.resolve("x")).hasContent("x");
    assertThat(folder.resolve("a").toFile().list()).containsExactly("b");
    Path other = Files.createDirectory(folder.resolve("other"));
    assertThat(Files.getPosixFilePermissions(out)).isEqualTo(Files.getPosixFilePermissions(other));
  }

  @Test
  void whatFailsLeavesNothing() {
    Path out = folder.resolve("out");
    assertThatThrownBy(
            () ->
                WholeFolder.write(
                    out,
                    part -> {
                      Files.writeString(part.resolve("x"), "half");
                      throw new IOException("full");
                    }))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(out.toString());
    assertThat(folder).isEmptyDirectory();
  }
}
