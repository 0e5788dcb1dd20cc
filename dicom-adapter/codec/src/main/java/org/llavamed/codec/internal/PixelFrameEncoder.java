package org.llavamed.codec.internal;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.llavamed.imaging.FrameEncoder;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.StoredFrame;
import org.osgi.service.component.annotations.Component;

/** Compresses frames to RLE Lossless and JPEG Baseline. Holds no state. */
@Component
public final class PixelFrameEncoder implements FrameEncoder {
  static final String RLE = "1.2.840.10008.1.2.5";
  static final String JPEG_BASELINE = "1.2.840.10008.1.2.4.50";
  private static final Set<String> SYNTAXES = Set.of(RLE, JPEG_BASELINE);

  @Override
  public Set<String> transferSyntaxes() {
    return SYNTAXES;
  }

  @Override
  public EncodedFrame encode(String transferSyntaxUid, StoredFrame frame) {
    boolean colour = frame.samples() == 3;
    return switch (transferSyntaxUid) {
      case RLE -> new EncodedFrame(Optional.empty(), false, even(RleEncoder.encode(frame)));
      case JPEG_BASELINE ->
          new EncodedFrame(
              Optional.of("YBR_FULL_422").filter(name -> colour),
              true,
              even(JpegEncoder.encode(frame)));
      default ->
          throw ImagingException.unsupported(
              "frame encoder",
              "Compression to the transfer syntax " + transferSyntaxUid,
              "Choose one of " + new TreeSet<>(SYNTAXES));
    };
  }

  private static ByteBuffer even(byte[] bytes) {
    ByteBuffer even = ByteBuffer.allocate(bytes.length + bytes.length % 2);
    return even.put(bytes).rewind();
  }
}
