package org.llavamed.preprocess;

import org.llavamed.imaging.PictureReader;
import org.llavamed.preprocess.internal.PictureFileReader;

/** The reader of picture files for processes that run without the framework and its services. */
public final class PictureFiles {
  private PictureFiles() {}

  /** Returns the reader that is the service of the framework. Safe for use by several threads. */
  public static PictureReader reader() {
    return new PictureFileReader();
  }
}
