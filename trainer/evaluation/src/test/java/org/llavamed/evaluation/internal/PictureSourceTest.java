package org.llavamed.evaluation.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.llavamed.imaging.ImagingException;

final class PictureSourceTest {
  private final PictureSource source = FakePictures.source();

  @Test
  void picturesAreReadAndDicomFilesAreRendered() {
    assertThat(source.read(Path.of("light.png")).pixels().get(0)).isEqualTo((byte) 255);
    assertThat(source.read(Path.of("any.dcm")).pixels().get(0)).isEqualTo((byte) 42);
  }

  @Test
  void aResultOfOursIsNoInput() {
    assertThatThrownBy(() -> source.read(Path.of("ours.dcm")))
        .isInstanceOf(ImagingException.class)
        .hasMessage(
            "ours.dcm: a result of LLaVA-Med for DICOM as an input is not supported. Name the"
                + " original.");
  }
}
