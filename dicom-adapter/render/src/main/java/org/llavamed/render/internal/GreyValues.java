package org.llavamed.render.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.DoublePredicate;
import java.util.function.DoubleToIntFunction;
import org.llavamed.imaging.SampleType;
import org.llavamed.imaging.StoredFrame;

/** The stored values of a grey frame, to be mapped to 0 to 255 and counted. */
sealed interface GreyValues {
  /** Maps every value. */
  byte[] map(DoubleToIntFunction grey);

  /**
   * Returns the values below or at which the given fractions of all values lie (nearest rank), some
   * of them and values that are no numbers left out; NaN where none is left.
   */
  double[] percentiles(DoublePredicate but, double... fractions);

  static GreyValues of(StoredFrame frame) {
    return switch (frame.type()) {
      case UINT8, INT8, UINT16, INT16 -> Indexed.of(frame);
      default -> Wide.of(frame);
    };
  }

  /** Values of 8 and 16 bits: whatever is asked of a value is asked once, not for each pixel. */
  final class Indexed implements GreyValues {
    private final char[] indices;

    /** Index of the stored value 0: indices ascend with the values. */
    private final int zero;

    private final int least;
    private final int most;

    private Indexed(char[] indices, int zero) {
      this.indices = indices;
      this.zero = zero;
      int low = Character.MAX_VALUE;
      int high = 0;
      for (int i = 0; i < indices.length; i++) {
        int index = indices[i] ^ zero;
        indices[i] = (char) index;
        low = Math.min(low, index);
        high = Math.max(high, index);
      }
      least = low;
      most = high;
    }

    static Indexed of(StoredFrame frame) {
      char[] words = new char[frame.rows() * frame.columns()];
      if (frame.type().bytes() == 2) {
        frame.values().asCharBuffer().get(words);
      } else {
        byte[] bytes = new byte[words.length];
        frame.values().get(bytes);
        for (int i = 0; i < bytes.length; i++) {
          words[i] = (char) (bytes[i] & 0xFF);
        }
      }
      boolean signed = frame.type() == SampleType.INT8 || frame.type() == SampleType.INT16;
      return new Indexed(words, signed ? 1 << (frame.type().bytes() * Byte.SIZE - 1) : 0);
    }

    @Override
    public byte[] map(DoubleToIntFunction grey) {
      byte[] table = new byte[most - least + 1];
      for (int i = 0; i < table.length; i++) {
        table[i] = (byte) grey.applyAsInt(least + i - zero);
      }
      byte[] pixels = new byte[indices.length];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = table[indices[i] - least];
      }
      return pixels;
    }

    @Override
    public double[] percentiles(DoublePredicate but, double... fractions) {
      int[] counts = new int[most - least + 1];
      for (char index : indices) {
        counts[index - least]++;
      }
      long total = 0;
      for (int i = 0; i < counts.length; i++) {
        if (but.test(least + i - zero)) {
          counts[i] = 0;
        }
        total += counts[i];
      }
      double[] result = new double[fractions.length];
      for (int f = 0; f < fractions.length; f++) {
        result[f] = total == 0 ? Double.NaN : value(counts, Math.ceil(fractions[f] * total));
      }
      return result;
    }

    private double value(int[] counts, double rank) {
      long below = 0;
      int i = -1;
      do {
        below += counts[++i];
      } while (below < Math.max(1, rank));
      return least + i - zero;
    }
  }

  /** Values of 32 bits and of floating point. */
  final class Wide implements GreyValues {
    private final double[] values;

    private Wide(double[] values) {
      this.values = values;
    }

    static Wide of(StoredFrame frame) {
      double[] values = new double[frame.rows() * frame.columns()];
      ByteBuffer from = frame.values();
      for (int i = 0; i < values.length; i++) {
        values[i] =
            switch (frame.type()) {
              case UINT32 -> Integer.toUnsignedLong(from.getInt(i * Integer.BYTES));
              case INT32 -> from.getInt(i * Integer.BYTES);
              case FLOAT32 -> from.getFloat(i * Float.BYTES);
              default -> from.getDouble(i * Double.BYTES);
            };
      }
      return new Wide(values);
    }

    @Override
    public byte[] map(DoubleToIntFunction grey) {
      byte[] pixels = new byte[values.length];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (byte) grey.applyAsInt(values[i]);
      }
      return pixels;
    }

    @Override
    public double[] percentiles(DoublePredicate but, double... fractions) {
      double[] sorted = new double[values.length];
      int count = 0;
      for (double value : values) {
        if (Double.isFinite(value) && !but.test(value)) {
          sorted[count++] = value;
        }
      }
      Arrays.sort(sorted, 0, count);
      double[] result = new double[fractions.length];
      for (int f = 0; f < fractions.length; f++) {
        int rank = (int) Math.max(1, Math.ceil(fractions[f] * count));
        result[f] = count == 0 ? Double.NaN : sorted[rank - 1];
      }
      return result;
    }
  }
}
