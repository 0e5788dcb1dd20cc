package org.llavamed.annotator.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.ImagingException;

/**
 * What is kept of an object with pixels while studies are put together: a few numbers and names, so
 * that a folder of many thousand files fits into memory.
 *
 * @param file where the object lies
 * @param studyUid Study Instance UID
 * @param seriesUid Series Instance UID
 * @param sopUid SOP Instance UID
 * @param modality Modality, upper case; {@code OT} where absent
 * @param bodyPart Body Part Examined, upper case; empty where absent
 * @param studyLabel the study in words
 * @param seriesNumber Series Number
 * @param number Instance Number
 * @param frames Number of Frames, at least 1
 * @param localizer whether Image Type calls it a localizer
 * @param slice where it lies in the patient, for the slices of a stack
 */
record Instance(
    Path file,
    String studyUid,
    String seriesUid,
    String sopUid,
    String modality,
    String bodyPart,
    String studyLabel,
    OptionalInt seriesNumber,
    OptionalInt number,
    int frames,
    boolean localizer,
    Optional<Slice> slice) {

  /**
   * Reads what is kept.
   *
   * @throws ImagingException if a UID is missing that results refer to
   */
  static Instance of(DicomObject object) {
    Attributes a = object.attributes();
    String studyUid = require(object, Tags.STUDY_INSTANCE_UID, "Study Instance UID (0020,000D)");
    String modality = a.string(Tags.MODALITY).orElse("OT").toUpperCase(Locale.ROOT);
    return new Instance(
        object.file(),
        studyUid,
        require(object, Tags.SERIES_INSTANCE_UID, "Series Instance UID (0020,000E)"),
        require(object, Tags.SOP_INSTANCE_UID, "SOP Instance UID (0008,0018)"),
        modality,
        a.string(Tags.BODY_PART_EXAMINED).orElse("").toUpperCase(Locale.ROOT),
        label(a, studyUid, modality),
        a.integer(Tags.SERIES_NUMBER),
        a.integer(Tags.INSTANCE_NUMBER),
        Math.max(1, a.integer(Tags.NUMBER_OF_FRAMES).orElse(1)),
        isLocalizer(a),
        Slice.of(a));
  }

  /** Returns one of its frames in words. */
  String describe(int frame) {
    StringBuilder text = new StringBuilder(modality);
    seriesNumber.ifPresent(n -> text.append(" series ").append(n));
    number.ifPresent(n -> text.append(" image ").append(n));
    if (frames > 1) {
      text.append(" frame ").append(frame + 1).append(" of ").append(frames);
    }
    return text.append(" (").append(file.getFileName()).append(')').toString();
  }

  private static String require(DicomObject object, int tag, String name) {
    return object
        .attributes()
        .string(tag)
        .orElseThrow(
            () ->
                ImagingException.damaged(
                    object.file(),
                    name + " is missing, and results refer to it",
                    "Give the object its identifiers or export it again"));
  }

  private static String label(Attributes a, String studyUid, String modality) {
    String who = a.string(Tags.PATIENT_ID).orElse(studyUid);
    return a.string(Tags.STUDY_DESCRIPTION)
        .map(description -> "%s %s %s".formatted(who, modality, description))
        .orElse(who + " " + modality);
  }

  /** Image Type value 3 of CT and MR objects (PS3.3 C.8.2.1.1.1 and C.8.3.1.1.1). */
  private static boolean isLocalizer(Attributes a) {
    List<String> type = a.strings(Tags.IMAGE_TYPE);
    return type.size() > 2 && type.get(2).equalsIgnoreCase("LOCALIZER");
  }
}
