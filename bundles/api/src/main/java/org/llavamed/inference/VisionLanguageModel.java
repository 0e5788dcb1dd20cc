package org.llavamed.inference;

import org.llavamed.imaging.Picture;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A model that answers questions about pictures. Safe for use by several threads; work is done one
 * request after the other. Closing waits for the request in flight to stop.
 */
@ProviderType
public interface VisionLanguageModel extends AutoCloseable {
  /** Returns what the model is. */
  ModelCard card();

  /**
   * Looks at a picture: the vision tower runs once, whatever the number of questions. The caller
   * closes the result.
   *
   * @throws ModelException if the model fails or is closed
   * @throws org.llavamed.imaging.ImagingException if the picture is too large to be prepared
   */
  EncodedPicture encode(Picture picture);

  /** Stops the request in flight and frees the sessions. Closing twice does nothing. */
  @Override
  void close();
}
