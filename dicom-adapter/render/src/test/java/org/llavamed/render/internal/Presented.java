package org.llavamed.render.internal;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.llavamed.contract.FakeObject;
import org.llavamed.contract.FakePixelData;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.PixelData;
import org.llavamed.imaging.Presentation;
import org.llavamed.imaging.RenderedFrame;
import org.llavamed.imaging.SampleType;
import org.llavamed.imaging.StoredFrame;

/** A black picture of 8 bits, and presentation states for it. */
final class Presented {
  static final int WIDTH = 60;
  static final int HEIGHT = 40;

  private Presented() {}

  /** The attributes of the picture. */
  static DataSet picture() {
    return new DataSet()
        .putString(Tag.SOPInstanceUID, Vr.UI, "2.25.1")
        .putInts(Tag.SamplesPerPixel, Vr.US, 1)
        .putString(Tag.PhotometricInterpretation, Vr.CS, "MONOCHROME2")
        .putInts(Tag.Rows, Vr.US, HEIGHT)
        .putInts(Tag.Columns, Vr.US, WIDTH)
        .putInts(Tag.BitsAllocated, Vr.US, 8);
  }

  /** A state that refers to the picture and asks for nothing. */
  static DataSet state() {
    DataSet image = new DataSet().putString(Tag.ReferencedSOPInstanceUID, Vr.UI, "2.25.1");
    return new DataSet()
        .putString(Tag.SOPClassUID, Vr.UI, "1.2.840.10008.5.1.4.1.1.11.1")
        .putItems(
            Tag.ReferencedSeriesSequence,
            new DataSet().putItems(Tag.ReferencedImageSequence, image));
  }

  /** A state with one graphic or text. */
  static DataSet annotated(int sequence, DataSet... objects) {
    return state()
        .putItems(Tag.GraphicAnnotationSequence, new DataSet().putItems(sequence, objects));
  }

  /** A graphic in pixels. */
  static DataSet graphic(String type, double... data) {
    return new DataSet()
        .putString(Tag.GraphicAnnotationUnits, Vr.CS, "PIXEL")
        .putString(Tag.GraphicType, Vr.CS, type)
        .putDoubles(Tag.GraphicData, Vr.FL, data);
  }

  static RenderedFrame render(DataSet state) {
    return render(picture(), Optional.of(state), false);
  }

  static RenderedFrame render(
      DataSet picture, Optional<? extends Attributes> state, boolean overlays) {
    return new StandardFrameRenderer()
        .render(
            object("x.dcm", picture),
            new StoredFrame(
                HEIGHT, WIDTH, 1, SampleType.UINT8, ByteBuffer.allocate(WIDTH * HEIGHT)),
            0,
            new Presentation(
                state.<DicomObject>map(s -> object("state.dcm", s)), overlays, Optional.empty()));
  }

  private static DicomObject object(String file, Attributes attributes) {
    Optional<PixelData> pixels = Optional.of(FakePixelData.compressed());
    return new FakeObject(Path.of(file), "1.2.840.10008.1.2.1", attributes, pixels);
  }

  static int pixel(RenderedFrame frame, int x, int y) {
    return frame.picture().pixels().get(y * frame.picture().width() + x) & 0xFF;
  }

  /** Returns how many pixels are not black. */
  static int drawn(RenderedFrame frame) {
    int count = 0;
    for (ByteBuffer pixels = frame.picture().pixels(); pixels.hasRemaining(); ) {
      count += pixels.get() == 0 ? 0 : 1;
    }
    return count;
  }
}
