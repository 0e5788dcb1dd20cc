package org.llavamed.imaging;

import java.util.Optional;

/**
 * What is asked of a rendering beyond the frame itself.
 *
 * @param state a Grayscale Softcopy Presentation State (1.2.840.10008.5.1.4.1.1.11.1) that refers
 *     to the object and is applied to it: it takes the place of the object's own modality LUT, VOI
 *     and presentation LUT, and may crop, turn, shutter and annotate the picture (PS3.3 A.33.1)
 * @param overlays whether the object's overlays (60xx,3000) are drawn in white
 * @param window a window, in units after the modality LUT, by the function LINEAR, that takes the
 *     place of every other one
 */
public record Presentation(
    Optional<DicomObject> state, boolean overlays, Optional<Rendering.Window> window) {
  /** Nothing is asked: what the object itself says. */
  public static final Presentation NONE =
      new Presentation(Optional.empty(), false, Optional.empty());
}
