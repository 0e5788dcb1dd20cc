package org.llavamed.render.internal;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.llavamed.imaging.Picture;
import org.llavamed.imaging.PixelDescription;
import org.llavamed.imaging.RenderedFrame;
import org.llavamed.imaging.Rendering;
import org.llavamed.imaging.StoredFrame;

/** Grey frames: modality transformation, VOI, presentation. Padding is black. */
final class GreyRenderer {
  private final VoiSelection vois;

  /** What is asked for beyond the frame. */
  record Asked(Optional<Rendering.Window> window, Optional<PresentationState> state) {}

  GreyRenderer(BodyPartWindows bodyParts) {
    vois = new VoiSelection(bodyParts);
  }

  RenderedFrame render(
      FrameAttributes attributes, PixelDescription d, StoredFrame stored, Asked asked) {
    FrameAttributes source = asked.state().map(PresentationState::top).orElse(attributes);
    GreyFrame frame = GreyFrame.of(attributes, d, stored, source);
    Voi voi = vois.of(frame, asked.window(), asked.state());
    PresentationLut presentation =
        PresentationLut.of(
            source, asked.state().isEmpty() && d.photometric().equals("MONOCHROME1"));
    byte[] pixels =
        frame
            .values()
            .map(
                value ->
                    frame.padding().contains(value) || Double.isNaN(value)
                        ? 0
                        : presentation.apply(
                            voi.grey().applyAsDouble(frame.modality().apply(value))));
    Picture picture = new Picture(stored.columns(), stored.rows(), 1, ByteBuffer.wrap(pixels));
    return new RenderedFrame(picture, voi.rendering());
  }
}
