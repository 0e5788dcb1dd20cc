package org.llavamed.imaging;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** Compresses frames for encapsulated pixel data. Safe for use by several threads. */
@ProviderType
public interface FrameEncoder {
  /** Returns the UIDs of the transfer syntaxes that frames can be compressed to. */
  Set<String> transferSyntaxes();

  /**
   * Compresses one frame.
   *
   * @param transferSyntaxUid one of {@link #transferSyntaxes}
   * @param frame stored values; for JPEG Baseline unsigned bytes, grey or R, G, B
   * @throws ImagingException if the transfer syntax is not one of these, or cannot hold the type of
   *     the values
   */
  EncodedFrame encode(String transferSyntaxUid, StoredFrame frame);

  /**
   * A compressed frame.
   *
   * @param photometric Photometric Interpretation (0028,0004) that the object gets: of the values
   *     as they are coded; empty where it stays what it is
   * @param lossy whether values were changed, so that Lossy Image Compression (0028,2110) is 01
   * @param bytes of the fragment, of even length, read-only
   */
  record EncodedFrame(Optional<String> photometric, boolean lossy, ByteBuffer bytes) {
    public EncodedFrame {
      bytes = bytes.slice().asReadOnlyBuffer();
    }

    /** Returns a read-only view with a position of its own. */
    @Override
    public ByteBuffer bytes() {
      return bytes.duplicate();
    }
  }
}
