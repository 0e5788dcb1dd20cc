package org.llavamed.command.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavamed.contract.FakeAttributes;
import org.llavamed.contract.FakePixelData;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.Picture;
import org.llavamed.imaging.PictureReader;
import org.llavamed.imaging.PixelData;
import org.llavamed.imaging.Presentation;
import org.llavamed.imaging.RenderedFrame;
import org.llavamed.imaging.Rendering;
import org.llavamed.imaging.SampleType;
import org.llavamed.imaging.StoredFrame;

/**
 * Stand-ins for files: {@code dicom TYPE FRAMES SAMPLES v,v,...} is an object of one row whose
 * frames hold the values plus the frame's index, {@code dicom} alone one without pixels, {@code
 * picture} a picture that is not DICOM.
 */
final class FakeImaging {
  private FakeImaging() {}

  private record FakeObject(Path file, List<String> words) implements DicomObject {
    @Override
    public String transferSyntaxUid() {
      return "1.2.840.10008.1.2.1";
    }

    @Override
    public Attributes attributes() {
      return new FakeAttributes(
          Map.of(
              0x00280002,
              samples(),
              0x00280008,
              Integer.valueOf(words.get(2)),
              0x00280010,
              1,
              0x00280011,
              values().size() / samples(),
              0x00280100,
              8));
    }

    @Override
    public Optional<PixelData> pixelData() {
      return words.size() > 1 ? Optional.of(FakePixelData.littleEndian()) : Optional.empty();
    }

    int samples() {
      return Integer.parseInt(words.get(3));
    }

    List<Double> values() {
      return List.of(words.get(4).split(",", -1)).stream().map(Double::valueOf).toList();
    }
  }

  static PictureFile pictures() {
    return new PictureFile(
        FakeImaging::read,
        FakeImaging::decode,
        (object, frame, index, presentation) ->
            new RenderedFrame(
                grey(index + asked(presentation)),
                new Rendering(Rendering.Rule.PERCENTILES, Optional.empty())),
        new PictureReader() {
          @Override
          public boolean recognises(Path file) {
            return words(file).get(0).equals("picture");
          }

          @Override
          public Picture read(Path file) {
            return grey(200);
          }
        });
  }

  /** What is asked changes the grey: overlays by 100, a state by 50, a window by its centre. */
  private static int asked(Presentation presentation) {
    return (presentation.overlays() ? 100 : 0)
        + (presentation.state().isPresent() ? 50 : 0)
        + presentation.window().map(window -> (int) window.center()).orElse(0);
  }

  static DicomObject read(Path file) {
    List<String> words = words(file);
    if (!words.get(0).equals("dicom")) {
      throw ImagingException.damaged(file, "no DICOM object", "Name a DICOM file");
    }
    return new FakeObject(file, words);
  }

  static StoredFrame decode(DicomObject object, int index) {
    var fake = (FakeObject) object;
    if (fake.words().get(1).equals("broken")) {
      throw ImagingException.unsupported(fake.file(), "transfer syntax 1.2.3", "Decompress it");
    }
    if (fake.words().get(1).equals("bug")) {
      throw new IllegalStateException("a bug");
    }
    SampleType type = SampleType.valueOf(fake.words().get(1));
    List<Double> values = fake.values();
    // The second frame of an object whose first value is 99 is a pixel short.
    int n = index == 1 && values.get(0) == 99 ? values.size() - 1 : values.size();
    var bytes = ByteBuffer.allocate(n * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values.subList(0, n)) {
      put(bytes, type, value + index);
    }
    return new StoredFrame(1, n / fake.samples(), fake.samples(), type, bytes.flip());
  }

  private static void put(ByteBuffer bytes, SampleType type, double value) {
    switch (type) {
      case UINT8, INT8 -> bytes.put((byte) value);
      case UINT16, INT16 -> bytes.putShort((short) (long) value);
      case UINT32, INT32 -> bytes.putInt((int) (long) value);
      case FLOAT32 -> bytes.putFloat((float) value);
      case FLOAT64 -> bytes.putDouble(value);
    }
  }

  private static Picture grey(int value) {
    return new Picture(1, 1, 1, ByteBuffer.wrap(new byte[] {(byte) value}));
  }

  private static List<String> words(Path file) {
    try {
      return List.of(Files.readString(file).strip().split(" ", -1));
    } catch (IOException e) {
      throw ImagingException.damaged(file, "cannot be read", "Name a file", e);
    }
  }
}
