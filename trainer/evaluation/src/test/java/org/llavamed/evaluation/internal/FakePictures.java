package org.llavamed.evaluation.internal;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.contract.FakeAttributes;
import org.llavamed.contract.FakeObject;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.Picture;
import org.llavamed.imaging.PictureReader;
import org.llavamed.imaging.RenderedFrame;
import org.llavamed.imaging.Rendering;
import org.llavamed.imaging.SampleType;
import org.llavamed.imaging.StoredFrame;

/** Files whose pictures, dark or light, are told by their names; those named .dcm are DICOM. */
final class FakePictures implements PictureReader {
  private static final int MANUFACTURER = 0x00080070;

  /** Returns a source of such pictures. */
  static PictureSource source() {
    return new PictureSource(
        new FakePictures(),
        file ->
            new FakeObject(
                file,
                "1.2",
                new FakeAttributes(
                    Map.of(
                        MANUFACTURER,
                        file.endsWith("ours.dcm") ? ResearchMark.MANUFACTURER : "A company")),
                Optional.empty()),
        (object, index) ->
            new StoredFrame(1, 1, 1, SampleType.UINT8, ByteBuffer.wrap(new byte[] {(byte) index})),
        (object, frame, index, presentation) ->
            new RenderedFrame(
                picture(42), new Rendering(Rendering.Rule.FULL_RANGE, Optional.empty())));
  }

  @Override
  public boolean recognises(Path file) {
    return !file.toString().endsWith(".dcm");
  }

  @Override
  public Picture read(Path file) {
    if (file.endsWith("broken.png")) {
      throw ImagingException.damaged(file, "it is damaged", "Copy it again");
    }
    return picture(file.endsWith("dark.png") ? 0 : 255);
  }

  private static Picture picture(int grey) {
    byte[] pixels = new byte[300 * 200];
    Arrays.fill(pixels, (byte) grey);
    return new Picture(300, 200, 1, ByteBuffer.wrap(pixels));
  }
}
