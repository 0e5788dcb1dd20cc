package org.llavamed.imaging;

import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Decodes the frames of transfer syntaxes that the decoder of this product leaves to a bundle of
 * its own. Whoever registers one as a service extends what {@link FrameDecoder} can decode. Safe
 * for use by several threads.
 */
@ConsumerType
public interface SampleDecoder {
  /** Returns the UIDs of the transfer syntaxes. */
  Set<String> transferSyntaxes();

  /**
   * Decodes one frame. Colour stays as it was coded, chroma that was coded smaller is repeated to
   * full size; the samples of JPEG 2000 that were signed are moved to the middle of the range.
   *
   * @param object of one of these transfer syntaxes, whose pixel data is encapsulated
   * @param index frame, from 0
   * @throws ImagingException if the compressed data is damaged, contradicts the object's rows,
   *     columns or samples, or has no such frame
   */
  FrameSamples decode(DicomObject object, int index);
}
