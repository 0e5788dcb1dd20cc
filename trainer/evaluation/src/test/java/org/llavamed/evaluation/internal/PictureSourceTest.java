package org.llavamed.evaluation.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.imaging.ImagingException;

final class PictureSourceTest {
  private final PictureSource source = FakePictures.source();

  @TempDir private Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  @Test
  void picturesAreReadAndDicomFilesAreRendered() throws IOException {
    assertThat(source.read(file("light.png", "any")).pixels().get(0)).isEqualTo((byte) 255);
    assertThat(source.read(file("any.dcm", "any")).pixels().get(0)).isEqualTo((byte) 42);
  }

  @Test
  void aDicomFileIsOneAlsoWhereItBeginsAsAPictureOfAnotherFormat() throws IOException {
    Path file = file("light.png", "II*" + " ".repeat(125) + "DICM");
    assertThat(source.read(file).pixels().get(0)).isEqualTo((byte) 42);
  }

  @Test
  void aResultOfOursIsNoInput() throws IOException {
    Path file = file("ours.dcm", "any");
    assertThatThrownBy(() -> source.read(file))
        .isInstanceOf(ImagingException.class)
        .hasMessage(
            file
                + ": a result of LLaVA-Med for DICOM as an input is not supported. Name the"
                + " original.");
  }
}
