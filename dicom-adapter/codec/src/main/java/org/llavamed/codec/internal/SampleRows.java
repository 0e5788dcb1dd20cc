package org.llavamed.codec.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import org.llavamed.imaging.StoredFrame;

/** The words of a frame that is decoded row by row and component by component. */
final class SampleRows {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private final FrameLayout layout;
  private final int width;
  private final int columns;
  private final int samples;
  private final byte[] words;
  private final BitSet components = new BitSet();
  private int precision;

  SampleRows(FrameLayout layout) {
    this.layout = layout;
    this.width = layout.type().bytes();
    this.columns = layout.description().columns();
    this.samples = layout.description().samples();
    this.words = new byte[layout.bytes()];
  }

  /**
   * Notes the components of a scan.
   *
   * @param components index of each component in the frame
   * @param precision bits of a sample
   * @throws IllegalArgumentException if one of them had a scan already
   */
  void begin(int[] components, int precision) {
    this.precision = precision;
    for (int component : components) {
      if (this.components.get(component)) {
        throw new IllegalArgumentException(
            "component %d of the frame has a second scan".formatted(component));
      }
      this.components.set(component);
    }
  }

  /**
   * Takes a row of the components of a scan.
   *
   * @param components index of each component in the frame
   * @param values unsigned values from index {@code first}, at most 16 bits, by pixel
   * @param shift bits by which the values are shifted left (point transform)
   */
  void put(int row, int[] components, int[] values, int first, int shift) {
    for (int i = 0; i < components.length; i++) {
      int out = (row * columns * samples + components[i]) * width;
      if (width == 1) {
        bytes(out, values, first + i, components.length, shift);
      } else {
        shorts(out, values, first + i, components.length, shift);
      }
    }
  }

  /** Returns the frame, once every component had its scan. */
  StoredFrame frame() {
    int missing = components.nextClearBit(0);
    if (missing < samples) {
      throw layout.damaged("The JPEG data has no scan of component %d".formatted(missing));
    }
    return StoredValues.of(layout, ByteBuffer.wrap(words), precision);
  }

  private void bytes(int first, int[] values, int from, int step, int shift) {
    for (int x = 0, in = from, out = first; x < columns; x++, in += step, out += samples) {
      words[out] = (byte) (values[in] << shift);
    }
  }

  private void shorts(int first, int[] values, int from, int step, int shift) {
    int stride = samples * width;
    for (int x = 0, in = from, out = first; x < columns; x++, in += step, out += stride) {
      SHORT.set(words, out, (short) (values[in] << shift));
    }
  }
}
