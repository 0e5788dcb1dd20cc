package org.llavamed.importer.internal;

import java.nio.ByteBuffer;

/**
 * Turns a block of weights into whole numbers with one scale: weight = scale x number, numbers from
 * -2^(bits-1) to 2^(bits-1) - 1. The scale may be negative, so that the largest weight of either
 * sign can take the number that has no counterpart.
 *
 * <p>Of several scales around the one that fits the largest weight, each improved to the best one
 * for the numbers that it leads to, the one with the least squared error is taken; rounding to
 * nearest with the largest weight at either end of the range is among them, so no block is worse
 * than that.
 *
 * @param bits 4 or 8
 * @param size weights in a block
 */
record Blocks(int bits, int size) {
  /** Candidates: the largest weight becomes most + i / 10 for i from -RANGE to RANGE. */
  private static final int RANGE = 9;

  private static final float STEP = 0.1f;

  /** Blocks of smaller weights become 0: the inverse of their scale would not be finite. */
  private static final float LEAST = 0x1p-100f;

  /** Adding and subtracting it rounds to a whole number, of two the even one. */
  private static final float ROUNDER = 0x1.8p23f;

  /** Returns the largest number, less one the negative of the smallest. */
  private int most() {
    return (1 << (bits - 1)) - 1;
  }

  /**
   * Quantises one block.
   *
   * @param row all weights of an output
   * @param from first weight of the block; weights behind the row's end are 0
   * @param numbers receives the block's numbers
   * @return the scale; 1 where all weights are 0 or next to it
   */
  float quantise(float[] row, int from, byte[] numbers) {
    int count = Math.min(size, row.length - from);
    float largest = 0;
    for (int i = from; i < from + count; i++) {
      largest = Math.abs(row[i]) > Math.abs(largest) ? row[i] : largest;
    }
    float scale = Math.abs(largest) < LEAST ? 1 : best(row, from, count, largest);
    for (int i = 0; i < size; i++) {
      numbers[i] = i < count ? (byte) number(row[from + i], 1 / scale) : 0;
    }
    return scale;
  }

  /** Returns the squared error of a whole row. */
  double error(float[] row) {
    byte[] numbers = new byte[size];
    double error = 0;
    for (int from = 0; from < row.length; from += size) {
      float scale = quantise(row, from, numbers);
      error += error(row, from, Math.min(size, row.length - from), scale);
    }
    return error;
  }

  private float best(float[] row, int from, int count, float largest) {
    float best = largest / most();
    double least = error(row, from, count, best);
    for (float sign : new float[] {-1, 1}) {
      for (int i = -RANGE; i <= RANGE; i++) {
        float end = sign < 0 ? -(most() + 1) - i * STEP : most() + i * STEP;
        float inverse = end / largest;
        float scale = fitting(row, from, count, inverse);
        double error = error(row, from, count, scale);
        if (error < least) {
          least = error;
          best = scale;
        }
      }
    }
    return best;
  }

  /** Returns the scale with the least squared error for the numbers that an inverse leads to. */
  private float fitting(float[] row, int from, int count, float inverse) {
    float product = 0;
    float square = 0;
    for (int i = from; i < from + count; i++) {
      float number = number(row[i], inverse);
      product += row[i] * number;
      square += number * number;
    }
    return square == 0 ? 1 / inverse : product / square;
  }

  private double error(float[] row, int from, int count, float scale) {
    float inverse = 1 / scale;
    float error = 0;
    for (int i = from; i < from + count; i++) {
      float off = row[i] - scale * number(row[i], inverse);
      error += off * off;
    }
    return error;
  }

  private float number(float weight, float inverse) {
    float rounded = weight * inverse + ROUNDER - ROUNDER;
    return Math.max(-most() - 1, Math.min(most(), rounded));
  }

  /** Appends a block's numbers, shifted to be positive; of 4 bits two in a byte, low half first. */
  void pack(byte[] numbers, ByteBuffer bytes) {
    int zero = most() + 1;
    for (int i = 0; i < size; i += 8 / bits) {
      int low = numbers[i] + zero;
      bytes.put((byte) (bits == 8 ? low : low | ((numbers[i + 1] + zero) << 4)));
    }
  }
}
