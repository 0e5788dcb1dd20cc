package org.llavamed.imaging;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Renders stored values as a picture: modality LUT, VOI LUT or window, presentation (PS3.3 C.11,
 * PS3.4 N.2). The window comes from the file, else from a table by modality and body part, else
 * from percentiles of the frame. Safe for use by several threads.
 */
@ProviderType
public interface FrameRenderer {
  /**
   * Renders one frame.
   *
   * @param frame the stored values of frame {@code index}
   * @param index frame, from 0: chooses the per-frame attributes of a multi-frame object
   * @throws ImagingException if the photometric interpretation is not supported or a table is
   *     damaged
   */
  RenderedFrame render(DicomObject object, StoredFrame frame, int index);
}
