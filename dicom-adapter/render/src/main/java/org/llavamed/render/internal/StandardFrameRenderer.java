package org.llavamed.render.internal;

import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.FrameRenderer;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PixelDescription;
import org.llavamed.imaging.RenderedFrame;
import org.llavamed.imaging.StoredFrame;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Renders frames by their photometric interpretation (PS3.3 C.7.6.3.1.2). Holds no state. */
@Component
public final class StandardFrameRenderer implements FrameRenderer {
  private final GreyRenderer grey;

  /** Makes a renderer with the window table of this bundle. */
  @Activate
  public StandardFrameRenderer() {
    grey = new GreyRenderer(new BodyPartWindows());
  }

  @Override
  public RenderedFrame render(DicomObject object, StoredFrame frame, int index) {
    PixelDescription d = PixelDescription.of(object);
    FrameAttributes attributes = FrameAttributes.of(object, index);
    boolean single = frame.samples() == 1;
    return switch (d.photometric()) {
      case "MONOCHROME1", "MONOCHROME2" -> {
        require(single, attributes, d);
        yield grey.render(attributes, d, frame);
      }
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
      default ->
          throw ImagingException.unsupported(
              attributes.where(),
              "Photometric Interpretation (0028,0004) '%s'".formatted(d.photometric()),
              "Convert the object to MONOCHROME2 or RGB first");
    };
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
