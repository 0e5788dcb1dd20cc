package org.llavamed.render.internal;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.DoubleToIntFunction;
import java.util.function.Function;
import org.llavamed.imaging.Picture;
import org.llavamed.imaging.PixelDescription;
import org.llavamed.imaging.RenderedFrame;
import org.llavamed.imaging.Rendering;
import org.llavamed.imaging.SampleType;
import org.llavamed.imaging.StoredFrame;

/** Colour frames: RGB, the YBR forms (PS3.3 C.7.6.3.1.2) and PALETTE COLOR. */
final class ColourRenderer {
  private static final int CHANNELS = 3;
  private static final int WHITE = 255;
  private static final int NEUTRAL = 128;
  private static final int BLACK_LEVEL = 16;
  private static final int FRACTION = 16;
  private static final int HALF = 1 << (FRACTION - 1);

  private ColourRenderer() {}

  /** Renders RGB as it is, scaled to 8 bits by Bits Stored. */
  static RenderedFrame rgb(PixelDescription d, StoredFrame frame) {
    return rendered(picture(frame, bytes(d, frame)));
  }

  /**
   * Renders luminance and chrominance by the equations of ITU-R BT.601.
   *
   * @param partial whether luminance takes 16 to 235 and chrominance 16 to 240, not 0 to 255
   */
  static RenderedFrame ybr(PixelDescription d, StoredFrame frame, boolean partial) {
    byte[] pixels = bytes(d, frame);
    int gain = fixed(partial ? 255.0 / 219 : 1);
    double chroma = partial ? 255.0 / 224 : 1;
    int black = partial ? BLACK_LEVEL : 0;
    int redOfCr = fixed(1.402 * chroma);
    int greenOfCb = fixed(0.344136286 * chroma);
    int greenOfCr = fixed(0.714136286 * chroma);
    int blueOfCb = fixed(1.772 * chroma);
    for (int i = 0; i < pixels.length; i += CHANNELS) {
      int y = ((pixels[i] & 0xFF) - black) * gain + HALF;
      int cb = (pixels[i + 1] & 0xFF) - NEUTRAL;
      int cr = (pixels[i + 2] & 0xFF) - NEUTRAL;
      pixels[i] = clamp((y + redOfCr * cr) >> FRACTION);
      pixels[i + 1] = clamp((y - greenOfCb * cb - greenOfCr * cr) >> FRACTION);
      pixels[i + 2] = clamp((y + blueOfCb * cb) >> FRACTION);
    }
    return rendered(picture(frame, pixels));
  }

  /** Renders indices through the palette of the object. */
  static RenderedFrame palette(FrameAttributes attributes, PixelDescription d, StoredFrame frame) {
    Palette palette = Palette.of(attributes, d);
    return rendered(picture(frame, GreyValues.of(frame), table -> table::colour, palette));
  }

  /**
   * Makes a picture of values that stand for colours.
   *
   * @param channel what a table of the palette makes of a value, 0 to 255
   */
  static Picture picture(
      StoredFrame size,
      GreyValues values,
      Function<LookupTable, DoubleToIntFunction> channel,
      Palette palette) {
    byte[] red = values.map(channel.apply(palette.red()));
    byte[] green = values.map(channel.apply(palette.green()));
    byte[] blue = values.map(channel.apply(palette.blue()));
    byte[] pixels = new byte[red.length * CHANNELS];
    for (int i = 0, out = 0; i < red.length; i++) {
      pixels[out++] = red[i];
      pixels[out++] = green[i];
      pixels[out++] = blue[i];
    }
    return picture(size, pixels);
  }

  private static Picture picture(StoredFrame size, byte[] pixels) {
    return new Picture(size.columns(), size.rows(), CHANNELS, ByteBuffer.wrap(pixels));
  }

  private static RenderedFrame rendered(Picture picture) {
    return new RenderedFrame(picture, new Rendering(Rendering.Rule.COLOUR, Optional.empty()));
  }

  /** Brings the values to 8 bits: the greatest that Bits Stored allow becomes 255. */
  private static byte[] bytes(PixelDescription d, StoredFrame frame) {
    byte[] pixels = new byte[frame.rows() * frame.columns() * CHANNELS];
    ByteBuffer values = frame.values();
    if (frame.type() == SampleType.UINT8 && d.bitsStored() == Byte.SIZE) {
      values.get(pixels);
      return pixels;
    }
    long most = (1L << d.bitsStored()) - 1;
    for (int i = 0; i < pixels.length; i++) {
      long value =
          switch (frame.type().bytes()) {
            case 1 -> values.get(i) & 0xFF;
            case 2 -> values.getChar(i * Short.BYTES);
            default -> Integer.toUnsignedLong(values.getInt(i * Integer.BYTES));
          };
      pixels[i] = (byte) ((Math.min(value, most) * WHITE + most / 2) / most);
    }
    return pixels;
  }

  private static int fixed(double factor) {
    return (int) Math.round(factor * (1 << FRACTION));
  }

  private static byte clamp(int value) {
    return (byte) Math.max(0, Math.min(WHITE, value));
  }
}
