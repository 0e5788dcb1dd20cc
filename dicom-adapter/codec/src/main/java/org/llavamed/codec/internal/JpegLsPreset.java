package org.llavamed.codec.internal;

import java.nio.ByteBuffer;

/**
 * Preset coding parameters of a JPEG-LS stream (ITU-T T.87 C.2.4.1.1); 0 is the default of each.
 *
 * @param most largest sample value (MAXVAL)
 * @param t1 first threshold
 * @param t2 second threshold
 * @param t3 third threshold
 * @param reset count at which statistics are halved
 */
record JpegLsPreset(int most, int t1, int t2, int t3, int reset) {
  /** What holds where a stream has none. */
  static final JpegLsPreset NONE = new JpegLsPreset(0, 0, 0, 0, 0);

  /** Reads the five numbers of a segment. */
  static JpegLsPreset read(ByteBuffer body) {
    return new JpegLsPreset(u16(body), u16(body), u16(body), u16(body), u16(body));
  }

  private static int u16(ByteBuffer body) {
    return body.getShort() & 0xFFFF;
  }
}
