package org.llavamed.render.internal;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.PixelDescription;

/**
 * The overlays that are drawn on one frame: those that a presentation state activates, in the grey
 * of their layer; on request the others of the object, in white.
 *
 * @param object the object
 * @param description its Image Pixel attributes
 * @param index frame, from 0
 */
record Overlays(DicomObject object, PixelDescription description, int index) {
  private static final int FIRST_ACTIVATION_LAYER = 0x60001001;
  private static final int GROUPS = 16;
  private static final int WHITE = 255;

  /** Draws all overlays of the object but those of some groups. */
  void drawOwn(Raster raster, Set<Integer> but) {
    OverlayPlane.of(object, description, index).stream()
        .filter(plane -> !but.contains(plane.group()))
        .forEach(plane -> plane.draw(raster, WHITE));
  }

  /**
   * Draws the overlays that a state activates: its own of a group, else the object's (PS3.3
   * C.11.7).
   *
   * @param ofState the state's own overlays
   * @return their groups
   */
  Set<Integer> drawActivated(Raster raster, Attributes state, List<OverlayPlane> ofState) {
    GraphicLayers layers = GraphicLayers.of(state);
    Optional<Integer> shutter = Shutters.bitmapGroup(state);
    Set<Integer> drawn = new HashSet<>();
    for (int i = 0; i < GROUPS; i++) {
      int tag = FIRST_ACTIVATION_LAYER + (i << 17);
      int group = tag >>> Short.SIZE;
      Optional<String> layer = state.string(tag);
      if (layer.isPresent() && !shutter.equals(Optional.of(group))) {
        int grey = layers.of(layer.get()).grey();
        plane(ofState, group)
            .or(() -> OverlayPlane.of(object, description, index, group))
            .ifPresent(plane -> plane.draw(raster, grey));
        drawn.add(group);
      }
    }
    return drawn;
  }

  private static Optional<OverlayPlane> plane(List<OverlayPlane> planes, int group) {
    return planes.stream().filter(plane -> plane.group() == group).findFirst();
  }
}
