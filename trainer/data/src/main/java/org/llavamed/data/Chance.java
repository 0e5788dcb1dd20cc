package org.llavamed.data;

import java.nio.ByteBuffer;

/**
 * Random numbers that are the same on each machine and with each release of Java: SplitMix64
 * (Steele, Lea, Flood 2014).
 */
final class Chance {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private long state;

  Chance(long state) {
    this.state = state;
  }

  /** Returns the numbers that belong to a purpose, in which every part counts. */
  static Chance of(Object... purpose) {
    return new Chance(ByteBuffer.wrap(Hashes.of(purpose)).getLong());
  }

  long next() {
    state += GOLDEN;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Returns a number from 0 to below {@code bound}. */
  int below(int bound) {
    return (int) Math.floorMod(next() >>> 1, (long) bound); // uneven by less than 2^-32
  }

  /** Returns a number from 0 to below 1. */
  double share() {
    return (next() >>> 11) * 0x1.0p-53;
  }

  /** Returns a number from -1 to below 1. */
  double signed() {
    return (next() >> 11) * 0x1.0p-52;
  }

  /** Returns a number of mean 0 and deviation 1: the sum of four even ones, nearly normal. */
  double bell() {
    long bits = next();
    int sum = 0;
    for (int i = 0; i < Long.SIZE; i += Short.SIZE) {
      sum += (short) (bits >>> i);
    }
    return (sum + 2) * (Math.sqrt(3) / (1 << 16));
  }

  /** Puts numbers into a random order. */
  void shuffle(int[] numbers) {
    for (int i = numbers.length - 1; i > 0; i--) {
      int j = below(i + 1);
      int other = numbers[j];
      numbers[j] = numbers[i];
      numbers[i] = other;
    }
  }
}
