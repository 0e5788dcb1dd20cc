package org.llavamed.ffmpeg.internal;

import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PixelDescription;

/**
 * The frame that is asked for.
 *
 * @param where file and frame, for messages
 * @param description what the object says of its frames
 * @param index from 0
 */
record Frame(String where, PixelDescription description, int index) {
  Frame(DicomObject object, int index) {
    this(object.file() + ", frame " + index, PixelDescription.of(object), index);
  }

  /** Returns the error of compressed data that cannot be what it says it is. */
  ImagingException damaged(String found) {
    return ImagingException.damaged(
        where, found, "Export the object again, it was damaged on its way");
  }

  /** Returns the error of a call of FFmpeg. */
  ImagingException failed(String what, int code) {
    return damaged("%s (FFmpeg says: %s)".formatted(what, Natives.message(code)));
  }

  /** Checks the size of what came out. */
  void requireSize(int rows, int columns) {
    if (rows != description.rows() || columns != description.columns()) {
      throw damaged(
          "The compressed frame is %d x %d (rows x columns), the object says %d x %d"
              .formatted(rows, columns, description.rows(), description.columns()));
    }
  }
}
