package org.llavamed.imaging;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Pixel data as it stands in the object: native (one value field with all frames) or encapsulated
 * (fragments, PS3.5 annex A.4). All buffers are read-only. What they hold is read from the file
 * when it is asked for, so the file must stay where it is.
 */
@ProviderType
public interface PixelData {
  /**
   * Returns the tag: Pixel Data (7FE0,0010), Float (7FE0,0008) or Double Float Pixel Data
   * (7FE0,0009).
   */
  int tag();

  /** Returns the value representation in the file: OB, OW, OF or OD. */
  String vr();

  /** Returns the byte order of native values. */
  ByteOrder byteOrder();

  /** Returns whether the frames are encapsulated. */
  boolean encapsulated();

  /** Returns the bytes of the native value field, or of all fragments. */
  long length();

  /**
   * Returns a part of the native value field.
   *
   * @throws ImagingException if the part reaches beyond the value field
   * @throws IllegalStateException if the pixel data is encapsulated
   */
  ByteBuffer slice(long offset, int length);

  /**
   * Returns the compressed bytes of one frame, its fragments joined. Frames are found by the
   * extended or basic offset table where it fits the fragments, else by one fragment a frame, else
   * by the codec's start marker.
   *
   * @param index frame, from 0
   * @throws ImagingException if there is no such frame, or none of these finds the frames
   * @throws IllegalStateException if the pixel data is native
   */
  ByteBuffer frame(int index);

  /**
   * Returns a part of all fragments, joined: of the one stream that holds all frames of a video.
   *
   * @throws ImagingException if the part reaches beyond the last fragment
   * @throws IllegalStateException if the pixel data is native
   */
  ByteBuffer stream(long offset, int length);
}
