package org.llavamed.render.internal;

import java.util.List;
import java.util.Optional;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.ImagingException;

/**
 * A Grayscale Softcopy Presentation State (PS3.3 A.33.1) as it applies to one frame.
 *
 * @param top its top level
 * @param sopInstanceUid the object that it is applied to
 * @param frame frame, from 1
 */
record PresentationState(FrameAttributes top, String sopInstanceUid, int frame) {
  private static final String GRAYSCALE_SOFTCOPY = "1.2.840.10008.5.1.4.1.1.11.1";
  private static final int SOP_CLASS_UID = 0x00080016;
  private static final int SOP_INSTANCE_UID = 0x00080018;
  private static final int REFERENCED_SERIES_SEQUENCE = 0x00081115;
  private static final int REFERENCED_IMAGE_SEQUENCE = 0x00081140;
  private static final int REFERENCED_SOP_INSTANCE_UID = 0x00081155;
  private static final int REFERENCED_FRAME_NUMBER = 0x00081160;
  private static final int MASK_SUBTRACTION_SEQUENCE = 0x00286100;
  private static final int SOFTCOPY_VOI_LUT_SEQUENCE = 0x00283110;
  private static final int GRAPHIC_ANNOTATION_SEQUENCE = 0x00700001;
  private static final int DISPLAYED_AREA_SELECTION_SEQUENCE = 0x0070005A;

  /**
   * Returns the state for a frame.
   *
   * @param index frame, from 0
   * @throws ImagingException if it is of another class, subtracts a mask, or does not refer to the
   *     frame
   */
  static PresentationState of(DicomObject state, DicomObject object, int index) {
    Attributes a = state.attributes();
    String sopClass = a.string(SOP_CLASS_UID).orElse("");
    if (!sopClass.equals(GRAYSCALE_SOFTCOPY)) {
      throw ImagingException.unsupported(
          state.file(),
          "SOP Class UID (0008,0016) '%s' as a presentation state".formatted(sopClass),
          "Give a Grayscale Softcopy Presentation State (" + GRAYSCALE_SOFTCOPY + ")");
    }
    if (!a.items(MASK_SUBTRACTION_SEQUENCE).isEmpty()) {
      throw ImagingException.unsupported(
          state.file(),
          "Mask Subtraction Sequence (0028,6100)",
          "Give a state that subtracts no mask");
    }
    String uid = object.attributes().string(SOP_INSTANCE_UID).orElse("");
    PresentationState result =
        new PresentationState(
            new FrameAttributes(state.file().toString(), a, List.of()), uid, index + 1);
    boolean refers =
        a.items(REFERENCED_SERIES_SEQUENCE).stream()
            .flatMap(series -> series.items(REFERENCED_IMAGE_SEQUENCE).stream())
            .anyMatch(result::isOf);
    if (!refers) {
      throw ImagingException.damaged(
          state.file(),
          "The presentation state does not refer to SOP Instance UID %s, frame %d, of %s"
              .formatted(uid, index + 1, object.file()),
          "Give a state that was made for this picture");
    }
    return result;
  }

  private boolean isOf(Attributes reference) {
    List<Double> frames = reference.numbers(REFERENCED_FRAME_NUMBER);
    return !sopInstanceUid.isEmpty()
        && reference.string(REFERENCED_SOP_INSTANCE_UID).orElse("").equals(sopInstanceUid)
        && (frames.isEmpty() || frames.contains((double) frame));
  }

  /** Returns the items of a sequence that apply to the frame: all where none is referred to. */
  private List<? extends Attributes> items(int sequence) {
    return top.object().items(sequence).stream()
        .filter(
            item -> {
              List<? extends Attributes> references = item.items(REFERENCED_IMAGE_SEQUENCE);
              return references.isEmpty() || references.stream().anyMatch(this::isOf);
            })
        .toList();
  }

  /** Returns the item of Softcopy VOI LUT Sequence. */
  Optional<FrameAttributes> voi() {
    return items(SOFTCOPY_VOI_LUT_SEQUENCE).stream()
        .findFirst()
        .map(item -> new FrameAttributes(top.where(), item, List.of()));
  }

  /** Returns the item of Displayed Area Selection Sequence. */
  Optional<Attributes> displayedArea() {
    return items(DISPLAYED_AREA_SELECTION_SEQUENCE).stream().findFirst().map(a -> a);
  }

  /** Returns the items of Graphic Annotation Sequence. */
  List<? extends Attributes> annotations() {
    return items(GRAPHIC_ANNOTATION_SEQUENCE);
  }
}
