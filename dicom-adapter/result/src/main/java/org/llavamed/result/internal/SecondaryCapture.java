package org.llavamed.result.internal;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.dicom.BitmapFont;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.Picture;

/** The object around an annotated picture: Secondary Capture Image (PS3.3 section A.8.1). */
final class SecondaryCapture {
  /** Transfer syntaxes that always lose something, whatever is stated. */
  private static final Set<String> LOSSY =
      Set.of(
          Uids.JPEGBaseline8Bit,
          Uids.JPEGExtended12Bit,
          Uids.JPEGSpectralSelectionNonHierarchical68,
          Uids.JPEGFullProgressionNonHierarchical1012,
          Uids.JPEGXLJPEGRecompression);

  /** MPEG-2, MPEG-4 and HEVC. */
  private static final Pattern VIDEO =
      Pattern.compile("1\\.2\\.840\\.10008\\.1\\.2\\.4\\.10[0-8](\\.1)?");

  /** Transfer syntaxes that can be lossless too: what is stated counts. */
  private static final Set<String> PERHAPS_LOSSY =
      Set.of(Uids.JPEGLSNearLossless, Uids.JPEG2000, Uids.JPEG2000MC, Uids.HTJ2K, Uids.JPEGXL);

  private final Provenance provenance;
  private final ResultObject objects;
  private final AnnotatedPicture pictures;

  SecondaryCapture(SourceHeader source, Provenance provenance, BitmapFont font) {
    this.provenance = provenance;
    this.objects = new ResultObject(source, provenance);
    this.pictures = new AnnotatedPicture(font);
  }

  /** Returns the object of one picture. */
  DataSet of(Reading reading) {
    DataSet object = objects.of(Format.SC);
    object
        .putString(Tag.SOPClassUID, Vr.UI, Uids.SecondaryCaptureImageStorage)
        .putString(Tag.ImageType, Vr.CS, "DERIVED", "SECONDARY")
        .putString(Tag.ConversionType, Vr.CS, "WSD")
        .putString(Tag.BurnedInAnnotation, Vr.CS, "YES")
        .putEmpty(Tag.Laterality, Vr.CS)
        .putEmpty(Tag.PatientOrientation, Vr.CS)
        .putString(Tag.DerivationDescription, Vr.ST, derivation(reading));
    objects.putContentDate(object);
    PictureReference.of(reading)
        .ifPresent(picture -> object.putItems(Tag.SourceImageSequence, sourceOf(picture)));
    if (isLossy(reading)) {
      object.putString(Tag.LossyImageCompression, Vr.CS, "01");
    }
    putPixels(object, pictures.of(reading, provenance));
    return object;
  }

  private static String derivation(Reading reading) {
    return "Picture as given to the model (%s), %s, with questions, answers and the research notice burned in"
        .formatted(
            reading.rendered().rendering().description(),
            PictureScale.of(reading.rendered().picture()).description());
  }

  /** Returns the item of Source Image Sequence (0008,2112) for a picture that was shown. */
  static DataSet sourceOf(PictureReference picture) {
    return picture
        .item()
        .putItems(Tag.PurposeOfReferenceCodeSequence, ContentItem.code(Concepts.SOURCE_IMAGE));
  }

  /** What was once compressed with loss stays marked so (PS3.3 section C.7.6.1.1.5). */
  static boolean isLossy(Reading reading) {
    Optional<String> stated = reading.object().attributes().string(Tag.LossyImageCompression);
    String syntax = reading.object().transferSyntaxUid();
    return stated.filter("01"::equals).isPresent()
        || LOSSY.contains(syntax)
        || VIDEO.matcher(syntax).matches()
        || (stated.isEmpty() && PERHAPS_LOSSY.contains(syntax));
  }

  private static void putPixels(DataSet object, Picture picture) {
    putPixelDescription(object, picture.width(), picture.height(), picture.channels());
    object.putBytes(Tag.PixelData, Vr.OB, picture.pixels());
  }

  /** Puts what the Image Pixel module (PS3.3 section C.7.6.3) says of 8-bit grey or RGB. */
  static void putPixelDescription(DataSet object, int width, int height, int channels) {
    object
        .putInts(Tag.SamplesPerPixel, Vr.US, channels)
        .putString(Tag.PhotometricInterpretation, Vr.CS, channels == 1 ? "MONOCHROME2" : "RGB")
        .putInts(Tag.Rows, Vr.US, height)
        .putInts(Tag.Columns, Vr.US, width)
        .putInts(Tag.BitsAllocated, Vr.US, 8)
        .putInts(Tag.BitsStored, Vr.US, 8)
        .putInts(Tag.HighBit, Vr.US, 7)
        .putInts(Tag.PixelRepresentation, Vr.US, 0);
    if (channels == 1) {
      object.putString(Tag.WindowCenter, Vr.DS, "128").putString(Tag.WindowWidth, Vr.DS, "256");
    } else {
      object.putInts(Tag.PlanarConfiguration, Vr.US, 0);
    }
  }
}
