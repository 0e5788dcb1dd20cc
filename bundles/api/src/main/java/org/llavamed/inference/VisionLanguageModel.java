package org.llavamed.inference;

import org.llavamed.imaging.Picture;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A model that answers questions about pictures. Safe for use by several threads: requests start in
 * the order in which they come, several are answered at a time, and those beyond a limit are
 * refused. Closing stops the requests in flight.
 */
@ProviderType
public interface VisionLanguageModel extends AutoCloseable {
  /** Returns what the model is. */
  ModelCard card();

  /**
   * Looks at a picture: the vision tower runs once, whatever the number of questions, and not again
   * for an equal picture that was looked at lately. The caller closes the result.
   *
   * @throws ModelException if the model has no vision tower, too many requests are waiting, the
   *     calling thread is interrupted, or the model fails or is closed
   * @throws org.llavamed.imaging.ImagingException if the picture is too large to be prepared
   */
  EncodedPicture encode(Picture picture);

  /**
   * Returns what is asked where there is no picture: the prompt has no picture slot then. The only
   * way to ask a model that has no vision tower. The caller closes the result.
   *
   * @throws ModelException if the model is closed
   */
  EncodedPicture withoutPicture();

  /** Stops the requests in flight and frees the sessions. Closing twice does nothing. */
  @Override
  void close();
}
