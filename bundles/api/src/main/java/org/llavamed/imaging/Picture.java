package org.llavamed.imaging;

import java.nio.ByteBuffer;

/**
 * An 8-bit picture as a viewer shows it. Read-only: the caller hands {@code pixels} over.
 *
 * @param width in pixels
 * @param height in pixels
 * @param channels 1 (grey, 0 is black) or 3 (R, G, B)
 * @param pixels shape [height, width, channels], row-major, unsigned
 */
public record Picture(int width, int height, int channels, ByteBuffer pixels) {
  public Picture {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException(
          "channels is " + channels + ", expected 1 (grey) or 3 (RGB)");
    }
    long expected = (long) width * height * channels;
    if (width < 1 || height < 1 || pixels.remaining() != expected) {
      throw new IllegalArgumentException(
          "pixels holds %d bytes, expected %d = %d high x %d wide x %d channels, each at least 1"
              .formatted(pixels.remaining(), expected, height, width, channels));
    }
    pixels = pixels.slice().asReadOnlyBuffer();
  }

  /** Returns a read-only view with a position of its own. */
  @Override
  public ByteBuffer pixels() {
    return pixels.duplicate();
  }
}
