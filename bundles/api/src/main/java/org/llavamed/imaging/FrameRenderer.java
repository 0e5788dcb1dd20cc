package org.llavamed.imaging;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Renders stored values as a picture: modality LUT, VOI LUT or window, presentation (PS3.3 C.11,
 * PS3.4 N.2). The window comes from the file, else from a table by modality and body part, else
 * from percentiles of the frame. Where pixels are not square, their shorter direction is enlarged.
 * Safe for use by several threads.
 */
@ProviderType
public interface FrameRenderer {
  /**
   * Renders one frame as the object alone says, without overlays.
   *
   * @param frame the stored values of frame {@code index}
   * @param index frame, from 0: chooses the per-frame attributes of a multi-frame object
   * @throws ImagingException if the object is no picture (a segmentation), the photometric
   *     interpretation is not supported or a table is damaged
   */
  default RenderedFrame render(DicomObject object, StoredFrame frame, int index) {
    return render(object, frame, index, Presentation.NONE);
  }

  /**
   * Renders one frame as asked.
   *
   * @param frame the stored values of frame {@code index}
   * @param index frame, from 0: chooses the per-frame attributes of a multi-frame object
   * @throws ImagingException as of {@link #render(DicomObject, StoredFrame, int)}, and if what is
   *     asked does not fit the object: a presentation state that does not refer to it, a window on
   *     a colour picture, overlays that are damaged
   */
  RenderedFrame render(DicomObject object, StoredFrame frame, int index, Presentation presentation);
}
