package org.llavamed.codec.internal;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/** The marker segments of a JPEG or JPEG-LS stream (ITU-T T.81 B.1.1), read one after another. */
final class JpegSegments {
  static final int START_OF_IMAGE = 0xD8;
  static final int END_OF_IMAGE = 0xD9;
  static final int START_OF_SCAN = 0xDA;
  static final int RESTART_INTERVAL = 0xDD;
  static final int HUFFMAN = 0xC4;
  static final int FIRST_FRAME_MARKER = 0xC0;
  static final int LAST_FRAME_MARKER = 0xCF;

  private static final int MARKER = 0xFF;
  private static final int FIRST_RESTART = 0xD0;
  private static final int LAST = 0xFE;

  /** What a decoder does with a segment. */
  interface Reader {
    /**
     * Reads a segment. {@link BufferUnderflowException} and {@link IllegalArgumentException} become
     * the error of a damaged segment.
     *
     * @param marker second byte of the marker
     * @param body what follows the length
     */
    void read(int marker, ByteBuffer body);
  }

  private final FrameLayout layout;
  private final byte[] data;
  private int position;
  private boolean ended;

  JpegSegments(FrameLayout layout, ByteBuffer frame) {
    this.layout = layout;
    this.data = new byte[frame.remaining()];
    frame.get(frame.position(), data);
  }

  /** Returns the whole stream, not copied. */
  byte[] data() {
    return data;
  }

  /** Returns where the next marker is looked for. */
  int position() {
    return position;
  }

  /** Moves behind the entropy-coded data of a scan. */
  void moveTo(int behind) {
    position = behind;
  }

  /** Returns whether the data went on up to the marker of the end of the image. */
  boolean ended() {
    return ended;
  }

  /**
   * Gives every segment to the reader. The end of the data counts as the end of the image; {@link
   * #ended} tells them apart.
   */
  void each(Reader reader) {
    if (data.length < 2 || marker() != START_OF_IMAGE) {
      throw layout.damaged("The frame does not begin with the JPEG marker FFD8");
    }
    for (int marker = marker(); marker != END_OF_IMAGE; marker = marker()) {
      if (marker < FIRST_RESTART || marker > START_OF_IMAGE) {
        segment(reader, marker);
      }
    }
  }

  /** Moves behind the next marker. */
  private int marker() {
    while (position + 1 < data.length) {
      int code = data[position + 1] & 0xFF;
      if ((data[position] & 0xFF) == MARKER && code >= FIRST_FRAME_MARKER && code <= LAST) {
        position += 2;
        ended = code == END_OF_IMAGE;
        return code;
      }
      position++;
    }
    return END_OF_IMAGE;
  }

  private void segment(Reader reader, int marker) {
    int left = data.length - position;
    int length =
        left < 2 ? 0 : ((data[position] & 0xFF) << Byte.SIZE) | (data[position + 1] & 0xFF);
    if (length < 2 || length > left) {
      throw layout.damaged(
          "JPEG segment FF%02X at byte %d has a length of %d, %d bytes are left"
              .formatted(marker, position - 2, length, left));
    }
    ByteBuffer body = ByteBuffer.wrap(data, position + 2, length - 2).slice();
    position += length;
    try {
      reader.read(marker, body);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw layout.damaged(
          "JPEG segment FF%02X before byte %d is damaged (%s)"
              .formatted(
                  marker, position, e.getMessage() == null ? "it ends early" : e.getMessage()));
    }
  }
}
