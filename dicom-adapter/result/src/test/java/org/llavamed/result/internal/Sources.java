package org.llavamed.result.internal;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.llavamed.annotation.Annotation;
import org.llavamed.annotation.Annotation.Finding;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.annotation.Code;
import org.llavamed.annotation.Protocol;
import org.llavamed.annotation.Protocol.Choice;
import org.llavamed.annotation.Protocol.ProtocolQuestion;
import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.codec.internal.PixelFrameEncoder;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.Picture;
import org.llavamed.imaging.PixelData;
import org.llavamed.imaging.RenderedFrame;
import org.llavamed.imaging.Rendering;
import org.llavamed.inference.Answer;
import org.llavamed.inference.Answer.ChoiceProbability;
import org.llavamed.inference.Answer.StopReason;
import org.llavamed.inference.ModelCard;

/** Sources, models and answers that are made for tests. */
final class Sources {
  static final Code YES = new Code("373066001", "SCT", "Yes");
  static final Code NO = new Code("373067005", "SCT", "No");
  static final ModelCard MODEL =
      new ModelCard(
          "tiny-vqa",
          "1.0",
          "0123456789abcdef".repeat(4),
          "fp32",
          "mistral_instruct",
          "clip-pad-224-bicubic",
          "CC0-1.0",
          "made for tests");

  private Sources() {}

  /** Returns a writer whose objects bear the dates of their source. */
  static DicomResultWriter writer() {
    return writer(CaptureSyntax.NATIVE);
  }

  /** Returns a writer that stores the pictures of captures in a transfer syntax. */
  static DicomResultWriter writer(CaptureSyntax captures) {
    return new DicomResultWriter(
        "0.1.0",
        new ResultSettings(false, Set.of(Format.JSON), captures),
        Clock.systemUTC(),
        new PixelFrameEncoder());
  }

  /** Returns a writer whose objects bear the time of a clock. */
  static DicomResultWriter writer(Clock clock) {
    return new DicomResultWriter(
        "0.1.0",
        new ResultSettings(true, Set.of(Format.JSON), CaptureSyntax.NATIVE),
        clock,
        new PixelFrameEncoder());
  }

  /** An object that was never a file. */
  record MemoryObject(Path file, String transferSyntaxUid, Attributes attributes)
      implements DicomObject {
    @Override
    public Optional<PixelData> pixelData() {
      return Optional.empty();
    }
  }

  /** Returns the header of a magnetic resonance picture without a fault. */
  static DataSet header() {
    return new DataSet()
        .putString(Tag.SOPClassUID, Vr.UI, Uids.MRImageStorage)
        .putString(Tag.SOPInstanceUID, Vr.UI, "1.2.3.4.5.1")
        .putString(Tag.StudyInstanceUID, Vr.UI, "1.2.3.4")
        .putString(Tag.SeriesInstanceUID, Vr.UI, "1.2.3.4.5")
        .putString(Tag.StudyDate, Vr.DA, "20040826")
        .putString(Tag.StudyTime, Vr.TM, "185059")
        .putString(Tag.AccessionNumber, Vr.SH, "A-17")
        .putString(Tag.Modality, Vr.CS, "MR")
        .putString(Tag.InstitutionName, Vr.LO, "Krankenhaus Süd")
        .putString(Tag.ReferringPhysicianName, Vr.PN, "Meier^Ä")
        .putString(Tag.StudyDescription, Vr.LO, "Brain")
        .putString(Tag.SeriesDescription, Vr.LO, "T2 axial")
        .putString(Tag.PatientName, Vr.PN, "Größe^Jürgen")
        .putString(Tag.PatientID, Vr.LO, "P4711")
        .putString(Tag.PatientBirthDate, Vr.DA, "19500101")
        .putString(Tag.PatientSex, Vr.CS, "M")
        .putString(Tag.PatientAge, Vr.AS, "054Y")
        .putString(Tag.BodyPartExamined, Vr.CS, "BRAIN")
        .putString(Tag.StudyID, Vr.SH, "1")
        .putString(Tag.PhotometricInterpretation, Vr.CS, "MONOCHROME2")
        .putInts(Tag.Rows, Vr.US, 48)
        .putInts(Tag.Columns, Vr.US, 64)
        .putInts(Tag.SeriesNumber, Vr.IS, 3)
        .putInts(Tag.InstanceNumber, Vr.IS, 12);
  }

  /** Returns an object with this header. */
  static DicomObject object(String file, DataSet header) {
    return new MemoryObject(Path.of(file), Uids.ExplicitVRLittleEndian, header);
  }

  /** Returns a picture of one value. */
  static RenderedFrame picture(int width, int height, int channels, int value) {
    byte[] pixels = new byte[width * height * channels];
    java.util.Arrays.fill(pixels, (byte) value);
    Rendering rendering =
        channels == 1
            ? new Rendering(Rendering.Rule.FILE_WINDOW, Optional.of(new Rendering.Window(40, 400)))
            : new Rendering(Rendering.Rule.COLOUR, Optional.empty());
    return new RenderedFrame(
        new Picture(width, height, channels, ByteBuffer.wrap(pixels)), rendering);
  }

  static ProtocolQuestion openQuestion() {
    return new ProtocolQuestion(
        "organ",
        "Which organ or organ system is shown in this picture, as far as it can be told from one picture?",
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty());
  }

  static ProtocolQuestion closedQuestion() {
    return new ProtocolQuestion(
        "abnormal",
        "Is there an abnormality?",
        Optional.of(new Code("49755003", "SCT", "Morphologically abnormal structure")),
        List.of(new Choice("Yes", Optional.of(YES)), new Choice("No", Optional.of(NO))),
        List.of(),
        List.of(),
        Optional.empty());
  }

  static Protocol protocol() {
    return new Protocol(
        "default",
        "1.0",
        "fedcba9876543210".repeat(4),
        3,
        List.of(openQuestion(), closedQuestion()));
  }

  /** Returns a free and a closed answer. */
  static List<Finding> findings(String organ) {
    return List.of(
        new Finding(
            openQuestion(),
            new Answer(
                organ,
                List.of(5, 6),
                List.of(),
                0.9314,
                List.of(),
                StopReason.END_OF_SEQUENCE,
                71)),
        new Finding(
            closedQuestion(),
            new Answer(
                "No",
                List.of(9),
                List.of(),
                0.75,
                List.of(new ChoiceProbability("Yes", 0.25), new ChoiceProbability("No", 0.75)),
                StopReason.CHOICE,
                70)));
  }

  static Reading reading(DicomObject object) {
    return new Reading(object, 0, 1, picture(64, 48, 1, 200), findings("Brain"));
  }

  /** Returns an annotation of these readings. */
  static Annotation annotation(Reading... readings) {
    return new Annotation(
        readings[0].object().attributes().string(Tag.StudyInstanceUID).orElse(""),
        protocol(),
        MODEL,
        "evenly spread: %d of 20".formatted(readings.length),
        List.of(readings));
  }

  /** Returns an annotation of one picture without a fault. */
  static Annotation annotation() {
    return annotation(reading(object("brain.dcm", header())));
  }
}
