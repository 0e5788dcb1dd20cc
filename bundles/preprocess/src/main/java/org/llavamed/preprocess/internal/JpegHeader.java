package org.llavamed.preprocess.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What the segments before the scan of a JPEG file say (ITU-T T.81, annex B; Exif 2.3, section 4).
 *
 * @param components colours
 * @param adobeTransform of Adobe's segment: 0 none, 1 YCbCr, 2 YCCK; -1 where there is none
 * @param orientation of the Exif segment, 1 to 8; 1 (upright) where there is none
 */
record JpegHeader(int components, int adobeTransform, int orientation) {
  private static final int APP1 = 0xe1;
  private static final int APP14 = 0xee;
  private static final int START_OF_SCAN = 0xda;
  private static final int ORIENTATION = 0x0112;

  /** Reads the segments up to the first scan. */
  static JpegHeader of(byte[] file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(file);
    int components = 0;
    int transform = -1;
    int orientation = 1;
    int at = 2;
    while (at + 4 <= file.length && (file[at] & 0xff) == 0xff) {
      int marker = file[at + 1] & 0xff;
      if (marker == 0xff) {
        at++; // a fill byte
        continue;
      }
      int length = in.getShort(at + 2) & 0xffff;
      if (marker == START_OF_SCAN || length < 2 || at + 2 + length > file.length) {
        break;
      }
      ByteBuffer segment = in.slice(at + 4, length - 2);
      if (frame(marker) && segment.remaining() >= 6) {
        components = segment.get(5) & 0xff;
      } else if (marker == APP14 && begins(segment, "Adobe") && segment.remaining() >= 12) {
        transform = segment.get(11) & 0xff;
      } else if (marker == APP1 && begins(segment, "Exif\0\0")) {
        orientation = orientation(segment.slice(6, segment.remaining() - 6));
      }
      at += 2 + length;
    }
    if (components == 0) {
      throw new IOException("no frame header before the first scan");
    }
    return new JpegHeader(components, transform, orientation);
  }

  private static boolean frame(int marker) {
    // C4, C8 and CC are tables and extensions, the others of C0 to CF are frames.
    return (marker >= 0xc0 && marker <= 0xcf && marker % 4 != 0) || marker == 0xc0;
  }

  private static boolean begins(ByteBuffer segment, String text) {
    byte[] expected = text.getBytes(StandardCharsets.US_ASCII);
    return segment.remaining() >= expected.length
        && segment.slice(0, expected.length).equals(ByteBuffer.wrap(expected));
  }

  private static int orientation(ByteBuffer tiff) {
    if (tiff.remaining() < 8) {
      return 1;
    }
    tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long directory = tiff.getInt(4) & 0xffffffffL;
    if (directory + 2 > tiff.remaining()) {
      return 1;
    }
    int entries = tiff.getShort((int) directory) & 0xffff;
    for (int i = 0; i < entries; i++) {
      long at = directory + 2 + 12L * i;
      if (at + 12 > tiff.remaining()) {
        return 1;
      }
      if ((tiff.getShort((int) at) & 0xffff) == ORIENTATION) {
        int value = tiff.getShort((int) at + 8) & 0xffff;
        return value >= 1 && value <= 8 ? value : 1;
      }
    }
    return 1;
  }
}
