package org.llavamed.imaging;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The stored values of one frame, before any modality LUT and in the stored colour space (YBR stays
 * YBR, subsampled chroma brought to full size). Overlay bits are masked and values sign-extended
 * from Bits Stored. Read-only: the caller hands {@code values} over.
 *
 * @param rows height, in pixels
 * @param columns width, in pixels
 * @param samples samples of one pixel: 1 or 3
 * @param type type of each value
 * @param values shape [rows, columns, samples], row-major, little endian
 */
public record StoredFrame(int rows, int columns, int samples, SampleType type, ByteBuffer values) {
  public StoredFrame {
    long expected = (long) rows * columns * samples * type.bytes();
    if (values.remaining() != expected) {
      throw new IllegalArgumentException(
          "values holds %d bytes, expected %d = %d rows x %d columns x %d samples x %d bytes"
              .formatted(values.remaining(), expected, rows, columns, samples, type.bytes()));
    }
    values = values.slice().asReadOnlyBuffer();
  }

  /** Returns a read-only little endian view with a position of its own. */
  @Override
  public ByteBuffer values() {
    return values.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }
}
