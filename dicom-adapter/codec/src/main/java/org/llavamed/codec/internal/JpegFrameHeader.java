package org.llavamed.codec.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PixelDescription;

/**
 * The frame header of lossless JPEG (ITU-T T.81 B.2.2) and JPEG-LS (T.87 C.2.2).
 *
 * @param precision bits of a sample, 2 to 16
 * @param components identifier of each component, all different
 */
record JpegFrameHeader(int precision, List<Integer> components) {
  private static final int LEAST_PRECISION = 2;
  private static final int MOST_PRECISION = 16;
  private static final int NOT_SUBSAMPLED = 0x11;

  /**
   * Reads a frame header.
   *
   * @throws ImagingException if it contradicts the object or has subsampled components
   */
  static JpegFrameHeader read(FrameLayout layout, ByteBuffer body) {
    PixelDescription d = layout.description();
    int precision = JpegTables.u8(body);
    int rows = body.getShort() & 0xFFFF;
    int columns = body.getShort() & 0xFFFF;
    int count = JpegTables.u8(body);
    if (rows != d.rows() || columns != d.columns() || count != d.samples()) {
      throw layout.damaged(
          "The JPEG frame is %d x %d x %d (rows x columns x samples), the object says %d x %d x %d"
              .formatted(rows, columns, count, d.rows(), d.columns(), d.samples()));
    }
    int most = Math.min(MOST_PRECISION, d.bitsAllocated());
    if (precision < LEAST_PRECISION || precision > most) {
      throw layout.damaged(
          "The JPEG frame has %d bits a sample, expected %d to %d, the object has %d bits allocated"
              .formatted(precision, LEAST_PRECISION, most, d.bitsAllocated()));
    }
    return new JpegFrameHeader(precision, components(layout, body, count));
  }

  private static List<Integer> components(FrameLayout layout, ByteBuffer body, int count) {
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int id = JpegTables.u8(body);
      if (ids.contains(id)) {
        throw new IllegalArgumentException("component " + id + " stands there twice");
      }
      ids.add(id);
      if (JpegTables.u8(body) != NOT_SUBSAMPLED && count > 1) {
        throw ImagingException.unsupported(
            layout.where(),
            "Lossless JPEG with subsampled components",
            "Convert the file with 'gdcmconv --raw' of GDCM first");
      }
      body.get();
    }
    return ids;
  }

  /**
   * Reads the components of a scan header (T.81 B.2.3).
   *
   * @param tables set to the second byte of each component
   * @return index of each component in the frame
   * @throws IllegalArgumentException if one is not in the frame, or twice in the scan
   */
  int[] scan(ByteBuffer body, List<Integer> tables) {
    int count = JpegTables.u8(body);
    if (count < 1 || count > components.size()) {
      throw new IllegalArgumentException(
          "%d components, expected 1 to %d".formatted(count, components.size()));
    }
    int[] indices = new int[count];
    for (int i = 0; i < count; i++) {
      int id = JpegTables.u8(body);
      indices[i] = components.indexOf(id);
      for (int other = 0; other < i; other++) {
        if (indices[other] == indices[i]) {
          throw new IllegalArgumentException("component " + id + " stands there twice");
        }
      }
      if (indices[i] < 0) {
        throw new IllegalArgumentException("component " + id + " is not in the frame");
      }
      tables.add(JpegTables.u8(body));
    }
    return indices;
  }
}
