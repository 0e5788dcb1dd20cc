package org.llavamed.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.FrameDecoder;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.SampleType;
import org.llavamed.imaging.StoredFrame;

/** What every {@link FrameDecoder} promises. */
public abstract class FrameDecoderContract {
  private static final String EXPLICIT = "1.2.840.10008.1.2.1";

  /** Returns the decoder. */
  protected abstract FrameDecoder decoder();

  /** Two frames of one row and two columns: 1, 2 and 3, 4. */
  private static FakeObject twoFrames(String syntax) {
    return FakeObject.grey(syntax, 1, 2, 8, FakePixelData.littleEndian(1, 2, 3, 4))
        .with(FakeObject.FRAMES, 2);
  }

  @Test
  void decodesTheFrameThatIsAskedForAsOftenAsItIsAskedFor() {
    DicomObject object = twoFrames(EXPLICIT);
    for (int time = 0; time < 2; time++) {
      StoredFrame frame = decoder().decode(object, 1);
      assertThat(frame.rows()).isEqualTo(1);
      assertThat(frame.columns()).isEqualTo(2);
      assertThat(frame.samples()).isEqualTo(1);
      assertThat(frame.type()).isEqualTo(SampleType.UINT8);
      assertThat(frame.values().isReadOnly()).isTrue();
      assertThat(frame.values().get(0)).isEqualTo((byte) 3);
      assertThat(frame.values().get(1)).isEqualTo((byte) 4);
    }
  }

  @Test
  void namesAFrameThatIsNotThere() {
    names(twoFrames(EXPLICIT), -1);
    names(twoFrames(EXPLICIT), 2);
  }

  @Test
  void namesWhatCannotBeDecoded() {
    names(twoFrames("1.2.3"), 0);
    names(twoFrames(EXPLICIT).with(FakeObject.ROWS, 9), 0);
    names(twoFrames(EXPLICIT).with(FakeObject.ROWS, 0), 0);
    FakeObject object = twoFrames(EXPLICIT);
    names(new FakeObject(object.file(), EXPLICIT, object.attributes(), Optional.empty()), 0);
  }

  @Test
  void severalThreadsDecodeTheSame() throws Exception {
    DicomObject object = twoFrames(EXPLICIT);
    Threads.agree(() -> decoder().decode(object, 1).values());
  }

  private void names(DicomObject object, int index) {
    assertThatThrownBy(() -> decoder().decode(object, index))
        .isInstanceOf(ImagingException.class)
        .hasMessageStartingWith(object.file().toString())
        .hasMessageEndingWith(".");
  }
}
