package org.llavamed.deidentify.internal;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.llavamed.deidentification.Policy;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Dictionary;
import org.llavamed.dicom.Part10Object;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.ImagingException;

/** Objects that are not de-identified, since what identifies may lie where it is not seen. */
final class Refusals {
  private static final List<List<String>> CLASSES = Resources.rows("refused-classes.tsv");
  private static final String CHECKED =
      "Look at the pixels, and say --pixels-checked if they name nobody";
  private static final int OVERLAY_ROWS = 0x60000010;
  private static final int OVERLAY_BIT_POSITION = 0x60000102;
  private static final int OVERLAY_DATA = 0x60003000;
  private static final int LAST_OVERLAY = 0x001E0000;
  private static final int NEXT_OVERLAY = 0x00020000;

  /** Text without which an image looks another, or has another size. */
  private static final Set<Integer> SHOWN_BY =
      Set.of(
          Tag.PhotometricInterpretation,
          Tag.NumberOfFrames,
          Tag.PixelSpacing,
          Tag.RescaleSlope,
          Tag.RescaleIntercept,
          Tag.WindowCenter,
          Tag.WindowWidth);

  private Refusals() {}

  /** Throws the reason why an object is refused. */
  static void check(Part10Object object, Policy policy) {
    object
        .leftOut()
        .ifPresent(
            problem -> {
              throw ImagingException.damaged(
                  object.file(),
                  "what follows the pixel data cannot be read (%s)".formatted(problem),
                  "Export the object again");
            });
    DataSet dataSet = object.attributes();
    String sopClass = sopClass(object);
    refusedClass(sopClass, "always")
        .ifPresent(
            what -> {
              throw ImagingException.unsupported(
                  object.file(), "De-identification of " + subject(what), advice(what));
            });
    if (dataSet.contains(Tag.DirectoryRecordSequence)
        || dataSet.contains(Tag.PixelDataProviderURL)) {
      throw ImagingException.unsupported(
          object.file(),
          "De-identification of an object that refers to other files or addresses",
          "De-identify what it refers to");
    }
    checkImage(object);
    if (!policy.pixelsChecked()) {
      checkPixels(object, sopClass);
    }
  }

  /** Returns the SOP Class UID, of the data set or else of the file meta information. */
  static String sopClass(Part10Object object) {
    return object
        .attributes()
        .string(Tag.SOPClassUID)
        .or(() -> object.fileMeta().string(Tag.MediaStorageSOPClassUID))
        .orElseThrow(() -> missing(object, Tag.SOPClassUID));
  }

  /** Returns the error of an object that lacks an attribute. */
  static ImagingException missing(Part10Object object, int tag) {
    return ImagingException.damaged(
        object.file(), Dictionary.describe(tag) + " is missing", "Export the object again");
  }

  private static Optional<String> refusedClass(String sopClass, String rule) {
    return CLASSES.stream()
        .skip(1)
        .filter(row -> row.get(1).equals(rule))
        .filter(
            row ->
                row.get(0).endsWith(".")
                    ? sopClass.startsWith(row.get(0))
                    : sopClass.equals(row.get(0)))
        .map(row -> row.get(2))
        .findFirst();
  }

  private static String subject(String what) {
    return what.substring(0, what.lastIndexOf(": "));
  }

  private static String advice(String what) {
    String advice = what.substring(what.lastIndexOf(": ") + 2);
    return advice.substring(0, 1).toUpperCase(Locale.ROOT) + advice.substring(1);
  }

  private static void checkPixels(Part10Object object, String sopClass) {
    if (object.pixelData().isEmpty()) {
      return;
    }
    DataSet dataSet = object.attributes();
    List<String> burnedIn = dataSet.strings(Tag.BurnedInAnnotation);
    if (burnedIn.stream().anyMatch("YES"::equalsIgnoreCase)) {
      throw refused(object, "Burned In Annotation (0028,0301) is YES");
    }
    if (hasOverlayInPixels(dataSet)) {
      throw refused(object, "an overlay (60xx) lies in bits of the pixel data");
    }
    if (burnedIn.equals(List.of("NO"))) {
      return;
    }
    refusedClass(sopClass, "pixels")
        .ifPresent(
            what -> {
              throw refused(
                  object,
                  "this is %s, and Burned In Annotation (0028,0301) is not NO".formatted(what));
            });
    boolean capture =
        dataSet.string(Tag.ConversionType).isPresent()
            || dataSet.strings(Tag.ImageType).stream().anyMatch(value -> value.contains("SCREEN"));
    if (capture) {
      throw refused(
          object, "this is a capture of a screen, and Burned In Annotation (0028,0301) is not NO");
    }
  }

  /** An image of which an attribute has to be left out would show something else. */
  private static void checkImage(Part10Object object) {
    DataSet dataSet = object.attributes();
    for (int tag : dataSet.tags()) {
      Vr known = Dictionary.vr(tag);
      boolean describes =
          tag >>> 16 == 0x0028 && Profile.rule(tag).isEmpty() && !known.isCodedText();
      if (!describes || object.pixelData().isEmpty() || Dictionary.entry(tag).isEmpty()) {
        continue;
      }
      if (!Representations.suits(dataSet, tag)) {
        throw wrong(
            object, tag, "the value representation " + Representations.found(dataSet, tag), known);
      }
      if (SHOWN_BY.contains(tag)
          && !dataSet.strings(tag).stream().allMatch(v -> Terms.hasForm(known, v))) {
        throw wrong(object, tag, "a value of another form", known);
      }
    }
  }

  private static ImagingException wrong(Part10Object object, int tag, String found, Vr known) {
    return ImagingException.damaged(
        object.file(),
        "%s has %s, expected %s".formatted(Dictionary.describe(tag), found, known),
        "Correct it first: the image cannot be shown without it");
  }

  private static boolean hasOverlayInPixels(DataSet dataSet) {
    for (int group = 0; group <= LAST_OVERLAY; group += NEXT_OVERLAY) {
      if (dataSet.contains(OVERLAY_ROWS + group)
          && !dataSet.contains(OVERLAY_DATA + group)
          && dataSet.integer(OVERLAY_BIT_POSITION + group).orElse(0) > 0) {
        return true;
      }
    }
    return false;
  }

  private static ImagingException refused(Part10Object object, String found) {
    return ImagingException.damaged(object.file(), found, CHECKED);
  }
}
