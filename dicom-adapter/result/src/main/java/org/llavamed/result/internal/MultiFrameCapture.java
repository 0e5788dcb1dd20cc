package org.llavamed.result.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.dicom.BitmapFont;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.Picture;

/**
 * Annotated pictures as the frames of few objects: Multi-frame Grayscale Byte and Multi-frame True
 * Color Secondary Capture (PS3.3 sections A.8.3 and A.8.5). The frames of an object are as large as
 * its largest picture; what is smaller lies in the upper left corner, on black.
 */
final class MultiFrameCapture {
  /** Most bytes of the pixels of one object; a single larger picture is still written. */
  static final long MOST_BYTES = 64L << 20;

  private final Provenance provenance;
  private final ResultObject objects;
  private final AnnotatedPicture pictures;

  MultiFrameCapture(SourceHeader source, Provenance provenance, BitmapFont font) {
    this.provenance = provenance;
    this.objects = new ResultObject(source, provenance);
    this.pictures = new AnnotatedPicture(font);
  }

  /** Hands over the objects one by one, grey before colour. */
  void forEach(Consumer<DataSet> consumer) {
    for (int channels : new int[] {1, 3}) {
      Frames frames = new Frames(channels);
      for (Reading reading : provenance.annotation().readings()) {
        if (reading.rendered().picture().channels() == channels) {
          Picture picture = pictures.of(reading, provenance);
          if (!frames.hasRoomFor(picture)) {
            consumer.accept(object(frames));
            frames = new Frames(channels);
          }
          frames.add(reading, picture);
        }
      }
      if (!frames.readings.isEmpty()) {
        consumer.accept(object(frames));
      }
    }
  }

  /** The frames of one object. */
  private static final class Frames {
    private final int channels;
    private final List<Reading> readings = new ArrayList<>();
    private final List<Picture> pictures = new ArrayList<>();
    private int width;
    private int height;

    Frames(int channels) {
      this.channels = channels;
    }

    boolean hasRoomFor(Picture picture) {
      long frame =
          (long) Math.max(width, picture.width()) * Math.max(height, picture.height()) * channels;
      return pictures.isEmpty() || frame * (pictures.size() + 1) <= MOST_BYTES;
    }

    void add(Reading reading, Picture picture) {
      readings.add(reading);
      pictures.add(picture);
      width = Math.max(width, picture.width());
      height = Math.max(height, picture.height());
    }

    byte[] pixels() {
      int frame = width * height * channels;
      byte[] pixels = new byte[Math.multiplyExact(frame, pictures.size())];
      for (int i = 0; i < pictures.size(); i++) {
        Picture picture = pictures.get(i);
        int row = picture.width() * channels;
        for (int y = 0; y < picture.height(); y++) {
          picture.pixels().get(y * row, pixels, i * frame + y * width * channels, row);
        }
      }
      return pixels;
    }
  }

  private DataSet object(Frames frames) {
    boolean grey = frames.channels == 1;
    int number = frames.readings.size();
    DataSet object = objects.of(Format.MFSC);
    objects.putContentDate(object);
    object
        .putString(
            Tag.SOPClassUID,
            Vr.UI,
            grey
                ? Uids.MultiFrameGrayscaleByteSecondaryCaptureImageStorage
                : Uids.MultiFrameTrueColorSecondaryCaptureImageStorage)
        .putString(Tag.ImageType, Vr.CS, "DERIVED", "SECONDARY")
        .putString(Tag.ConversionType, Vr.CS, "WSD")
        .putString(Tag.BurnedInAnnotation, Vr.CS, "YES")
        .putEmpty(Tag.Laterality, Vr.CS)
        .putEmpty(Tag.PatientOrientation, Vr.CS)
        .putString(
            Tag.DerivationDescription,
            Vr.ST,
            "Pictures as given to the model, a frame each, those below %d pixels enlarged, with questions, answers and the research notice burned in"
                .formatted(PictureScale.LEAST))
        .putInts(Tag.NumberOfFrames, Vr.IS, number);
    if (number > 1) {
      object
          .putInts(Tag.FrameIncrementPointer, Vr.AT, Tag.PageNumberVector)
          .putInts(
              Tag.PageNumberVector,
              Vr.IS,
              IntStream.rangeClosed(1, number).asLongStream().toArray());
    }
    putSources(object, frames.readings);
    SecondaryCapture.putPixelDescription(object, frames.width, frames.height, frames.channels);
    if (grey) {
      object
          .putString(Tag.PresentationLUTShape, Vr.CS, "IDENTITY")
          .putString(Tag.RescaleIntercept, Vr.DS, "0")
          .putString(Tag.RescaleSlope, Vr.DS, "1")
          .putString(Tag.RescaleType, Vr.LO, "US");
    }
    return object.putBytes(Tag.PixelData, Vr.OB, frames.pixels());
  }

  private static void putSources(DataSet object, List<Reading> readings) {
    List<DataSet> sources =
        readings.stream()
            .map(PictureReference::of)
            .flatMap(Optional::stream)
            .map(SecondaryCapture::sourceOf)
            .toList();
    if (!sources.isEmpty()) {
      object.putItems(Tag.SourceImageSequence, sources);
    }
    if (readings.stream().anyMatch(SecondaryCapture::isLossy)) {
      object.putString(Tag.LossyImageCompression, Vr.CS, "01");
    }
  }
}
