package org.llavamed.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.llavamed.imaging.FrameRenderer;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.Picture;
import org.llavamed.imaging.RenderedFrame;
import org.llavamed.imaging.Rendering;
import org.llavamed.imaging.SampleType;
import org.llavamed.imaging.StoredFrame;

/** What every {@link FrameRenderer} promises. */
public abstract class FrameRendererContract {
  private static final int WINDOW_CENTER = 0x00281050;
  private static final int WINDOW_WIDTH = 0x00281051;

  /** Returns the renderer. */
  protected abstract FrameRenderer renderer();

  private static FakeObject object() {
    return FakeObject.grey("1.2.840.10008.1.2.1", 1, 3, 8, FakePixelData.littleEndian(0, 100, 200))
        .with(WINDOW_CENTER, 100)
        .with(WINDOW_WIDTH, 100);
  }

  private static StoredFrame frame() {
    return new StoredFrame(
        1, 3, 1, SampleType.UINT8, ByteBuffer.wrap(new byte[] {0, 100, (byte) 200}));
  }

  @Test
  void rendersByTheWindowOfTheFileAsOftenAsItIsAsked() {
    StoredFrame frame = frame();
    for (int time = 0; time < 2; time++) {
      RenderedFrame rendered = renderer().render(object(), frame, 0);
      Picture picture = rendered.picture();
      assertThat(picture.width()).isEqualTo(3);
      assertThat(picture.height()).isEqualTo(1);
      assertThat(picture.channels()).isEqualTo(1);
      assertThat(picture.pixels().isReadOnly()).isTrue();
      assertThat(picture.pixels().get(0)).isZero();
      assertThat(picture.pixels().get(1) & 0xFF).isBetween(126, 130);
      assertThat(picture.pixels().get(2)).isEqualTo((byte) 255);
      assertThat(rendered.rendering().rule()).isEqualTo(Rendering.Rule.FILE_WINDOW);
      assertThat(rendered.rendering().window()).hasValue(new Rendering.Window(100, 100));
    }
    assertThat(frame.values().remaining()).isEqualTo(3);
  }

  @Test
  void monochrome1IsTheNegativeOfMonochrome2() {
    Picture picture =
        renderer()
            .render(object().with(FakeObject.PHOTOMETRIC, "MONOCHROME1"), frame(), 0)
            .picture();
    assertThat(picture.pixels().get(0)).isEqualTo((byte) 255);
    assertThat(picture.pixels().get(2)).isZero();
  }

  @Test
  void namesAPhotometricInterpretationThatItDoesNotKnowWithoutItsControlCharacters() {
    FakeObject object = object().with(FakeObject.PHOTOMETRIC, "NO\u001bSUCH");
    assertThatThrownBy(() -> renderer().render(object, frame(), 0))
        .isInstanceOf(ImagingException.class)
        .hasMessageStartingWith(object.file().toString())
        .hasMessageContaining("NO SUCH")
        .hasMessageEndingWith(".");
  }

  @Test
  void severalThreadsRenderTheSame() throws Exception {
    FakeObject object = object();
    StoredFrame frame = frame();
    Threads.agree(() -> renderer().render(object, frame, 0).picture().pixels());
  }
}
