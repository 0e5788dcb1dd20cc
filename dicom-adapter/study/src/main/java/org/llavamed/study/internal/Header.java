package org.llavamed.study.internal;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.dicom.Tag;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.StudyTree.Content;
import org.llavamed.imaging.StudyTree.Instance;
import org.llavamed.imaging.StudyTree.Plane;

/**
 * What is kept of an object while studies are put together.
 *
 * @param instance what the tree holds of it
 * @param patientId Patient ID; empty where absent
 * @param patientName Patient's Name; empty where absent
 * @param studyUid Study Instance UID
 * @param studyDate Study Date; empty where absent
 * @param studyDescription Study Description; empty where absent
 * @param seriesUid Series Instance UID
 * @param seriesDescription Series Description; empty where absent
 * @param frameOfReference Frame of Reference UID; empty where absent
 * @param frames the planes of its frames, where it has several and all have one
 */
record Header(
    Instance instance,
    String patientId,
    String patientName,
    String studyUid,
    String studyDate,
    String studyDescription,
    String seriesUid,
    String seriesDescription,
    String frameOfReference,
    List<Plane> frames) {

  /**
   * Reads what is kept.
   *
   * @throws ImagingException if a UID is missing that other objects refer to
   */
  static Header of(DicomObject object) {
    Attributes a = object.attributes();
    Instance instance = instance(object);
    return new Header(
        instance,
        text(a, Tag.PatientID),
        text(a, Tag.PatientName),
        require(object, Tag.StudyInstanceUID, "Study Instance UID (0020,000D)"),
        text(a, Tag.StudyDate),
        text(a, Tag.StudyDescription),
        require(object, Tag.SeriesInstanceUID, "Series Instance UID (0020,000E)"),
        text(a, Tag.SeriesDescription),
        text(a, Tag.FrameOfReferenceUID),
        instance.frames() > 1 ? Planes.ofFrames(a) : List.of());
  }

  /** Returns what tells the patient from others: Patient ID, or the name where that is absent. */
  String patient() {
    return patientId.isEmpty() ? "without Patient ID, " + patientName : patientId;
  }

  private static Instance instance(DicomObject object) {
    Attributes a = object.attributes();
    int frames = Math.max(1, a.integer(Tag.NumberOfFrames).orElse(1));
    Optional<Plane> plane = frames == 1 ? singlePlane(a) : Optional.empty();
    return new Instance(
        object.file(),
        require(object, Tag.SOPInstanceUID, "SOP Instance UID (0008,0018)"),
        text(a, Tag.SOPClassUID),
        a.string(Tag.Modality).orElse("OT").toUpperCase(Locale.ROOT),
        text(a, Tag.BodyPartExamined).toUpperCase(Locale.ROOT),
        a.integer(Tag.SeriesNumber),
        a.integer(Tag.InstanceNumber),
        frames,
        content(object),
        plane);
  }

  private static Optional<Plane> singlePlane(Attributes a) {
    return Planes.of(a).or(() -> Planes.ofFrames(a).stream().findFirst());
  }

  /** Returns what kind of object it is. */
  static Content content(DicomObject object) {
    if (ResearchMark.isOurs(object.attributes())) {
      return Content.RESULT;
    }
    if (object.pixelData().isEmpty()) {
      return Content.NO_PIXELS;
    }
    return isLocalizer(object.attributes()) ? Content.LOCALIZER : Content.PICTURE;
  }

  /** Image Type value 3 of CT and MR objects (PS3.3 C.8.2.1.1.1 and C.8.3.1.1.1). */
  private static boolean isLocalizer(Attributes a) {
    List<String> type = a.strings(Tag.ImageType);
    return type.size() > 2 && type.get(2).equalsIgnoreCase("LOCALIZER");
  }

  private static String text(Attributes a, int tag) {
    return a.string(tag).orElse("");
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
}
