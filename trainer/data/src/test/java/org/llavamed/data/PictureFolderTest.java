package org.llavamed.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PictureFolderTest {
  private static final PictureFolder FOLDER = new PictureFolder(Path.of("/data/images"));

  @Test
  void aNameIsAPathBelowTheFolder() {
    assertThat(FOLDER.file("a/./b.png")).isEqualTo(Path.of("/data/images/a/b.png"));
    assertThat(FOLDER.file("a/../b.png")).isEqualTo(Path.of("/data/images/b.png"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../b.png", "a/../../b.png", "/etc/passwd", "", ".", "a/..", "a\0b"})
  void aNameThatLeadsOutOfTheFolderIsRefused(String name) {
    assertThatThrownBy(() -> FOLDER.file(name))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("is no file below this folder");
  }
}
