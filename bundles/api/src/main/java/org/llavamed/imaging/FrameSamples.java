package org.llavamed.imaging;

import java.nio.ByteBuffer;

/**
 * The samples of one frame as a codec gives them: unsigned, before the sign and the overlays of the
 * object are looked at. Read-only: the caller hands {@code values} over.
 *
 * @param rows height, in pixels
 * @param columns width, in pixels
 * @param samples values a pixel, 1 or 3
 * @param bits of a value that are used, 1 to 16, the lowest
 * @param values shape [rows, columns, samples], row-major; one byte each where {@code bits} is at
 *     most 8, else two, little endian
 */
public record FrameSamples(int rows, int columns, int samples, int bits, ByteBuffer values) {
  public FrameSamples {
    long expected = (long) rows * columns * samples * (bits > Byte.SIZE ? 2 : 1);
    boolean sound = rows > 0 && columns > 0 && (samples == 1 || samples == 3);
    if (!sound || bits < 1 || bits > Short.SIZE || values.remaining() != expected) {
      throw new IllegalArgumentException(
          "values holds %d bytes, expected %d = %d rows x %d columns x %d samples of %d bits"
              .formatted(values.remaining(), expected, rows, columns, samples, bits));
    }
    values = values.slice().asReadOnlyBuffer();
  }

  /** Returns a read-only view with a position of its own. */
  @Override
  public ByteBuffer values() {
    return values.duplicate();
  }

  /** Returns one value, counted through rows, columns and samples. */
  public int value(int index) {
    return bits > Byte.SIZE
        ? (values.get(2 * index) & 0xFF) | (values.get(2 * index + 1) & 0xFF) << Byte.SIZE
        : values.get(index) & 0xFF;
  }
}
