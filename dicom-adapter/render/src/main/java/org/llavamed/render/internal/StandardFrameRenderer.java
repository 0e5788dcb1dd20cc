package org.llavamed.render.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.FrameRenderer;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.Picture;
import org.llavamed.imaging.PixelDescription;
import org.llavamed.imaging.Presentation;
import org.llavamed.imaging.RenderedFrame;
import org.llavamed.imaging.StoredFrame;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Renders frames by their photometric interpretation (PS3.3 C.7.6.3.1.2). Holds no state. */
@Component
public final class StandardFrameRenderer implements FrameRenderer {
  private static final int SOP_CLASS_UID = 0x00080016;

  /** Storage SOP classes (PS3.4 B.5) whose pixels say what something is, not how it looks. */
  private static final Map<String, String> NO_PICTURE =
      Map.of(
          "1.2.840.10008.5.1.4.1.1.66.4", "Segmentation Storage",
          "1.2.840.10008.5.1.4.1.1.66.7", "Label Map Segmentation Storage");

  private final GreyRenderer grey;

  /** Makes a renderer with the window table of this bundle. */
  @Activate
  public StandardFrameRenderer() {
    grey = new GreyRenderer(new BodyPartWindows());
  }

  @Override
  public RenderedFrame render(
      DicomObject object, StoredFrame frame, int index, Presentation presentation) {
    requirePicture(object);
    FrameAttributes attributes = FrameAttributes.of(object, index);
    Optional<PresentationState> state =
        presentation.state().map(file -> PresentationState.of(file, object, index));
    PixelDescription d = PixelDescription.of(object);
    RenderedFrame stored =
        render(attributes, d, frame, new GreyRenderer.Asked(presentation.window(), state));
    Picture picture = stored.picture();
    if (presentation.overlays() || presentation.state().isPresent()) {
      Raster raster = Raster.of(attributes.where(), picture);
      drawOn(raster, new Overlays(object, d, index), presentation, state);
      picture = raster.picture();
    }
    Placement placement = Placement.of(attributes, picture, state);
    Picture placed = placement.apply(picture);
    return new RenderedFrame(
        state
            .filter(s -> !s.annotations().isEmpty())
            .map(s -> Graphics.drawn(s, placement, placed))
            .orElse(placed),
        stored.rendering(),
        frame.columns(),
        frame.rows());
  }

  private static void drawOn(
      Raster raster,
      Overlays overlays,
      Presentation presentation,
      Optional<PresentationState> state) {
    Set<Integer> drawn = Set.of();
    if (state.isPresent()) {
      List<OverlayPlane> ofState = OverlayPlane.ofData(presentation.state().orElseThrow(), 0);
      Shutters.close(state.get(), ofState, raster);
      drawn = overlays.drawActivated(raster, state.get().top().object(), ofState);
    }
    if (presentation.overlays()) {
      overlays.drawOwn(raster, drawn);
    }
  }

  private RenderedFrame render(
      FrameAttributes attributes, PixelDescription d, StoredFrame frame, GreyRenderer.Asked asked) {
    boolean single = frame.samples() == 1;
    if (Set.of("MONOCHROME1", "MONOCHROME2").contains(d.photometric())) {
      require(single, attributes, d);
      return grey.render(attributes, d, frame, asked);
    }
    if (asked.state().isPresent() || asked.window().isPresent()) {
      throw ImagingException.unsupported(
          attributes.where(),
          (asked.state().isPresent() ? "A grayscale presentation state" : "A window")
              + " on a picture of Photometric Interpretation '%s'".formatted(d.photometric()),
          "Render it without");
    }
    return switch (d.photometric()) {
      case "PALETTE COLOR" -> {
        require(single, attributes, d);
        yield ColourRenderer.palette(attributes, d, frame);
      }
      // The last two are undone by the decoder of JPEG 2000: what it returns is RGB.
      case "RGB", "YBR_RCT", "YBR_ICT" -> {
        require(!single, attributes, d);
        yield ColourRenderer.rgb(d, frame);
      }
      case "YBR_FULL", "YBR_FULL_422" -> {
        require(!single, attributes, d);
        yield ColourRenderer.ybr(d, frame, false);
      }
      case "YBR_PARTIAL_422", "YBR_PARTIAL_420" -> {
        require(!single, attributes, d);
        yield ColourRenderer.ybr(d, frame, true);
      }
      default -> throw unsupported(attributes, d);
    };
  }

  private static ImagingException unsupported(FrameAttributes attributes, PixelDescription d) {
    return ImagingException.unsupported(
        attributes.where(),
        "Photometric Interpretation (0028,0004) '%s'".formatted(d.photometric()),
        "Convert the object to MONOCHROME2 or RGB first");
  }

  private static void requirePicture(DicomObject object) {
    String sopClass = object.attributes().string(SOP_CLASS_UID).orElse("");
    if (NO_PICTURE.containsKey(sopClass)) {
      throw ImagingException.unsupported(
          object.file(),
          "Rendering an object of %s (%s), whose pixels are no picture,"
              .formatted(NO_PICTURE.get(sopClass), sopClass),
          "Render the images that it refers to");
    }
  }

  private static void require(boolean fits, FrameAttributes attributes, PixelDescription d) {
    if (!fits) {
      throw LookupTable.damaged(
          attributes.where(),
          "Photometric Interpretation (0028,0004) is %s with %d Samples per Pixel (0028,0002)"
              .formatted(d.photometric(), d.samples()));
    }
  }
}
