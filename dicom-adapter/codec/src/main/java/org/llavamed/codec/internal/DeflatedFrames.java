package org.llavamed.codec.internal;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.StoredFrame;

/** Deflated Image Frame Compression (PS3.5 A.4.13): each frame deflated by itself (RFC 1951). */
final class DeflatedFrames {
  /** A match of 258 bytes takes at least 2 bits. */
  private static final int MOST_BYTES_A_BYTE = 1032;

  private DeflatedFrames() {}

  /**
   * Decodes a frame.
   *
   * @throws ImagingException if the data is no deflate stream or inflates to less than a frame
   */
  static StoredFrame decode(FrameLayout layout, ByteBuffer frame) {
    int expected = (int) ((NativeFrames.fullBits(layout) + Byte.SIZE - 1) / Byte.SIZE);
    layout.requireRatio(frame.remaining(), MOST_BYTES_A_BYTE * Byte.SIZE);
    byte[] bytes = new byte[expected];
    int length = 0;
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(frame.slice());
      int more = 1;
      while (length < expected && more > 0) {
        more = inflater.inflate(bytes, length, expected - length);
        length += more;
      }
    } catch (DataFormatException e) {
      throw layout.damaged("The frame is no deflate stream (" + e.getMessage() + ")");
    } finally {
      inflater.end();
    }
    return NativeFrames.decode(layout, ByteBuffer.wrap(bytes, 0, length));
  }
}
