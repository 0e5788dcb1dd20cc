package org.llavamed.importer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Blocks of weights in whole numbers. */
final class BlocksTest {
  private static final long SEED = 20_251;

  /** Rounding to nearest as onnxruntime's MatMulNBitsQuantizer does it: largest to the most. */
  private static double nearest(float[] row, int from, int end, int most) {
    float largest = 0;
    for (int i = from; i < end; i++) {
      largest = Math.max(largest, Math.abs(row[i]));
    }
    double scale = (double) largest / most;
    double error = 0;
    for (int i = from; i < end; i++) {
      double number = scale == 0 ? 0 : Math.rint(row[i] / scale);
      error += Math.pow(row[i] - scale * Math.max(-most - 1, Math.min(most, number)), 2);
    }
    return error;
  }

  @ParameterizedTest
  @CsvSource({"4, 32", "4, 64", "4, 128", "8, 32", "8, 128"})
  void theSearchIsNeverWorseThanRoundingToNearest(int bits, int size) {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    Blocks blocks = new Blocks(bits, size);
    double before = 0;
    double after = 0;
    for (int round = 0; round < 2000; round++) {
      float[] row = new float[1 + random.nextInt(2 * size)];
      double width = Math.pow(10, random.nextInt(9) - 6);
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) (width * random.nextGaussian() * (random.nextInt(20) == 0 ? 5 : 1));
      }
      for (int from = 0; from < row.length; from += size) {
        int end = Math.min(row.length, from + size);
        double plain = nearest(row, from, end, (1 << (bits - 1)) - 1);
        double found = error(blocks, row, from, end);
        double rounding = 1e-12 * energy(row, from, end);
        assertThat(found).isLessThanOrEqualTo(plain * (1 + 1e-5) + rounding);
        before += plain / (width * width);
        after += found / (width * width);
      }
    }
    System.out.printf(
        "%d bits, %d: squared error %.3f of rounding's%n", bits, size, after / before);
    assertThat(after / before).isLessThan(bits == 4 ? 0.85 : 0.995);
  }

  private static double energy(float[] row, int from, int end) {
    double energy = 0;
    for (int i = from; i < end; i++) {
      energy += (double) row[i] * row[i];
    }
    return energy;
  }

  private static double error(Blocks blocks, float[] row, int from, int end) {
    byte[] numbers = new byte[blocks.size()];
    float scale = blocks.quantise(row, from, numbers);
    double error = 0;
    for (int i = from; i < end; i++) {
      error += Math.pow(row[i] - (double) scale * numbers[i - from], 2);
    }
    for (int i = end - from; i < numbers.length; i++) {
      assertThat(numbers[i]).as("behind the row's end").isZero();
    }
    return error;
  }

  @Test
  void theLargestWeightMayTakeTheNumberWithoutCounterpart() {
    float[] row = new float[32];
    for (int i = 0; i < row.length; i++) {
      row[i] = 0.25f * (i % 16 - 7);
    }
    byte[] numbers = new byte[32];
    float scale = new Blocks(4, 32).quantise(row, 0, numbers);
    assertThat(scale).as("the largest weight is positive").isEqualTo(-0.25f);
    for (int i = 0; i < row.length; i++) {
      assertThat(scale * numbers[i]).isCloseTo(row[i], within(1e-7f));
    }
  }

  @Test
  void weightsOfZeroStayZero() {
    byte[] numbers = new byte[32];
    assertThat(new Blocks(4, 32).quantise(new float[32], 0, numbers)).isEqualTo(1);
    assertThat(numbers).containsOnly(0);
  }

  @Test
  void weightsNextToZeroBecomeZero() {
    byte[] numbers = new byte[32];
    float[] row = new float[32];
    row[3] = 2e-38f; // the inverse of its scale, 2e-38 / 127, is no finite number
    assertThat(new Blocks(8, 32).quantise(row, 0, numbers)).isEqualTo(1);
    assertThat(numbers).containsOnly(0);
  }

  @Test
  void fourBitsAreTwoInAByteTheFirstInTheLowHalf() {
    byte[] numbers = new byte[32];
    numbers[0] = -8;
    numbers[1] = 7;
    numbers[2] = 1;
    ByteBuffer bytes = ByteBuffer.allocate(16);
    new Blocks(4, 32).pack(numbers, bytes);
    assertThat(bytes.get(0)).isEqualTo((byte) 0xf0);
    assertThat(bytes.get(1)).isEqualTo((byte) 0x89);
    assertThat(bytes.get(2)).isEqualTo((byte) 0x88);
  }

  @Test
  void eightBitsAreShiftedBy128() {
    byte[] numbers = new byte[32];
    numbers[0] = -128;
    numbers[1] = 127;
    ByteBuffer bytes = ByteBuffer.allocate(32);
    new Blocks(8, 32).pack(numbers, bytes);
    assertThat(bytes.get(0)).isEqualTo((byte) 0);
    assertThat(bytes.get(1)).isEqualTo((byte) 255);
    assertThat(bytes.get(2)).isEqualTo((byte) 128);
  }
}
