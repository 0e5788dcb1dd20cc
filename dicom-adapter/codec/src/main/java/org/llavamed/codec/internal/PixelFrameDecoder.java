package org.llavamed.codec.internal;

import java.nio.ByteBuffer;
import java.util.List;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.FrameDecoder;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PixelData;
import org.llavamed.imaging.SampleDecoder;
import org.llavamed.imaging.StoredFrame;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Decodes frames by their transfer syntax. Holds no state but the decoders that other bundles
 * contribute, which come and go while it is in use.
 */
@Component
public final class PixelFrameDecoder implements FrameDecoder {
  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  private volatile List<SampleDecoder> decoders;

  /** Makes a decoder to which other bundles may contribute. */
  @Activate
  public PixelFrameDecoder() {
    this(List.of());
  }

  PixelFrameDecoder(List<SampleDecoder> decoders) {
    this.decoders = decoders;
  }

  @Override
  public StoredFrame decode(DicomObject object, int index) {
    PixelData data =
        object
            .pixelData()
            .orElseThrow(
                () ->
                    ImagingException.damaged(
                        object.file(),
                        "The object has no Pixel Data (7FE0,0010)",
                        "Give an image, this object cannot be shown"));
    TransferSyntax syntax = TransferSyntax.of(object.transferSyntaxUid());
    TransferSyntax.Coding coding =
        syntax
            .coding()
            .orElseThrow(
                () ->
                    ImagingException.unsupported(
                        object.file(),
                        "%s (%s)".formatted(syntax.name(), syntax.uid()),
                        syntax.advice()));
    boolean encapsulated = coding != TransferSyntax.Coding.NATIVE;
    if (data.encapsulated() != encapsulated) {
      throw ImagingException.damaged(
          object.file(),
          "Pixel Data is %s, which contradicts the transfer syntax %s (%s)"
              .formatted(
                  data.encapsulated() ? "encapsulated" : "native", syntax.name(), syntax.uid()),
          "Correct the Transfer Syntax UID (0002,0010) or export the object again");
    }
    FrameLayout layout = FrameLayout.of(object, data, index);
    return switch (coding) {
      case NATIVE -> NativeFrames.decode(layout, data, index);
      case HTJ2K -> ContributedFrames.of(decoders, layout, syntax).jpeg2000(object, data, index);
      case VIDEO -> ContributedFrames.of(decoders, layout, syntax).video(object, index);
      default -> compressed(layout, coding, data.frame(index));
    };
  }

  static StoredFrame compressed(
      FrameLayout layout, TransferSyntax.Coding coding, ByteBuffer frame) {
    return switch (coding) {
      case NATIVE, HTJ2K, VIDEO, ENCAPSULATED -> NativeFrames.decode(layout, frame);
      case RLE -> RleFrames.decode(layout, frame);
      case DEFLATED_FRAMES -> DeflatedFrames.decode(layout, frame);
      case JPEG_DCT -> JpegFrames.decode(layout, frame);
      case JPEG_LOSSLESS -> LosslessJpegFrames.decode(layout, frame);
      case JPEG_LS -> JpegLsFrames.decode(layout, frame);
      case JPEG_2000 -> J2kFrames.decode(layout, frame);
    };
  }
}
