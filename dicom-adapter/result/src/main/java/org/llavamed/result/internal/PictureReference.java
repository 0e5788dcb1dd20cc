package org.llavamed.result.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Dictionary;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.Attributes;

/**
 * A picture as other objects refer to it (PS3.3 section 10.3, Image SOP Instance Reference).
 *
 * @param sopClassUid SOP Class UID
 * @param sopInstanceUid SOP Instance UID
 * @param seriesInstanceUid Series Instance UID
 * @param frame frame, from 1, where the object has several
 */
record PictureReference(
    String sopClassUid, String sopInstanceUid, String seriesInstanceUid, OptionalInt frame) {
  /** Classes whose objects have one frame; a reference to them has no frame number. */
  private static final Set<String> SINGLE_FRAME =
      Set.of(
          Uids.ComputedRadiographyImageStorage,
          Uids.CTImageStorage,
          Uids.MRImageStorage,
          Uids.UltrasoundImageStorage,
          Uids.SecondaryCaptureImageStorage,
          Uids.DigitalXRayImageStorageForPresentation,
          Uids.DigitalXRayImageStorageForProcessing,
          Uids.DigitalMammographyXRayImageStorageForPresentation,
          Uids.DigitalMammographyXRayImageStorageForProcessing,
          Uids.VLEndoscopicImageStorage,
          Uids.VLMicroscopicImageStorage,
          Uids.VLSlideCoordinatesMicroscopicImageStorage,
          Uids.VLPhotographicImageStorage,
          Uids.PositronEmissionTomographyImageStorage);

  private static final int[] UIDS = {Tag.SOPClassUID, Tag.SOPInstanceUID, Tag.SeriesInstanceUID};

  /** Returns the reference; empty where the object lacks one of its UIDs or has an illegal one. */
  static Optional<PictureReference> of(Reading reading) {
    if (!problems(reading).isEmpty()) {
      return Optional.empty();
    }
    Attributes attributes = reading.object().attributes();
    List<String> uids =
        Arrays.stream(UIDS).mapToObj(tag -> attributes.string(tag).orElseThrow()).toList();
    return Optional.of(
        new PictureReference(
            uids.get(0),
            uids.get(1),
            uids.get(2),
            reading.frames() > 1 && !SINGLE_FRAME.contains(uids.get(0))
                ? OptionalInt.of(reading.frame() + 1)
                : OptionalInt.empty()));
  }

  /** Returns why a picture cannot be referred to, one sentence for each UID that is at fault. */
  static List<String> problems(Reading reading) {
    return Arrays.stream(UIDS)
        .mapToObj(tag -> problem(reading, tag))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<String> problem(Reading reading, int tag) {
    Optional<String> uid = reading.object().attributes().string(tag);
    Optional<String> problem =
        uid.isEmpty() ? Optional.of("is missing") : uid.flatMap(UidForm::problem);
    return problem.map(
        found ->
            "%s: %s %s, so the results do not refer to the picture."
                .formatted(reading.object().file(), Dictionary.describe(tag), found));
  }

  /** Returns whether documents refer to it as IMAGE; a dose distribution is no image to them. */
  boolean isImage() {
    return !sopClassUid.equals(Uids.RTDoseStorage);
  }

  /** Returns the item of Referenced SOP Sequence (0008,1199). */
  DataSet item() {
    DataSet item = instance();
    frame.ifPresent(number -> item.putInts(Tag.ReferencedFrameNumber, Vr.IS, number));
    return item;
  }

  /** Returns the item without a frame number, as evidence sequences want it. */
  DataSet instance() {
    return new DataSet()
        .putString(Tag.ReferencedSOPClassUID, Vr.UI, sopClassUid)
        .putString(Tag.ReferencedSOPInstanceUID, Vr.UI, sopInstanceUid);
  }
}
