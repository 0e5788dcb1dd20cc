package org.llavamed.render.internal;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.DoubleToIntFunction;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.Picture;
import org.llavamed.imaging.PixelDescription;
import org.llavamed.imaging.RenderedFrame;
import org.llavamed.imaging.Rendering;
import org.llavamed.imaging.StoredFrame;

/**
 * Grey frames: modality transformation, VOI, presentation. Padding is black. Values that a
 * supplemental palette maps are coloured.
 */
final class GreyRenderer {
  private final VoiSelection vois;

  /** What is asked for beyond the frame. */
  record Asked(Optional<Rendering.Window> window, Optional<PresentationState> state) {}

  GreyRenderer(BodyPartWindows bodyParts) {
    vois = new VoiSelection(bodyParts);
  }

  RenderedFrame render(
      FrameAttributes attributes, PixelDescription d, StoredFrame stored, Asked asked) {
    if (asked.state().isPresent() && Palette.isSupplemental(attributes)) {
      throw ImagingException.unsupported(
          attributes.where(),
          "A grayscale presentation state on a picture with a supplemental palette",
          "Render it without");
    }
    FrameAttributes source = asked.state().map(PresentationState::top).orElse(attributes);
    GreyFrame frame = GreyFrame.of(attributes, d, stored, source);
    Voi voi = vois.of(frame, asked.window(), asked.state());
    PresentationLut presentation =
        PresentationLut.of(
            source, asked.state().isEmpty() && d.photometric().equals("MONOCHROME1"));
    DoubleToIntFunction grey =
        value ->
            frame.padding().contains(value) || Double.isNaN(value)
                ? 0
                : presentation.apply(voi.grey().applyAsDouble(frame.modality().apply(value)));
    Picture picture =
        frame
            .palette()
            .map(palette -> mixed(frame, palette, grey, stored))
            .orElseGet(
                () ->
                    new Picture(
                        stored.columns(),
                        stored.rows(),
                        1,
                        ByteBuffer.wrap(frame.values().map(grey))));
    return new RenderedFrame(picture, voi.rendering());
  }

  private static Picture mixed(
      GreyFrame frame, Palette palette, DoubleToIntFunction grey, StoredFrame size) {
    return ColourRenderer.picture(
        size,
        frame.values(),
        table -> value -> frame.coloured(value) ? table.colour(value) : grey.applyAsInt(value),
        palette);
  }
}
