package org.llavamed.imaging;

import org.osgi.annotation.versioning.ProviderType;

/** Decodes pixel data to stored values, one frame at a time. Safe for use by several threads. */
@ProviderType
public interface FrameDecoder {
  /**
   * Decodes one frame.
   *
   * @param index frame, from 0
   * @throws ImagingException if the transfer syntax is not supported, the object has no pixels or
   *     no such frame, or the pixel data is damaged or too short
   */
  StoredFrame decode(DicomObject object, int index);
}
