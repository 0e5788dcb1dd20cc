package org.llavamed.command.internal;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes damaged inputs of sound ones: single bits, bytes and length fields are changed, blocks are
 * cut out, doubled, moved and taken from other inputs, the end is cut off. The same seed makes the
 * same inputs.
 */
final class Mutator {
  /** Most bytes of an input. */
  static final int LONGEST = 1 << 20;

  private static final int MOST_CHANGES = 6;
  private static final int KINDS = 9;
  private static final long[] NUMBERS = {
    0,
    1,
    2,
    3,
    7,
    8,
    127,
    128,
    255,
    256,
    32767,
    32768,
    65534,
    65535,
    1 << 24,
    0x7FFFFFFFL,
    0x80000000L,
    0xFFFFFFFEL,
    0xFFFFFFFFL
  };

  private final SplittableRandom random;
  private final List<byte[]> words;

  /**
   * @param words pieces that mean something to the reader
   */
  Mutator(long seed, List<byte[]> words) {
    this.random = new SplittableRandom(seed);
    this.words = List.copyOf(words);
  }

  /** Returns a damaged input, made of one of these and pieces of others. */
  byte[] next(List<byte[]> corpus) {
    byte[] input = pick(corpus).clone();
    for (int n = 1 + random.nextInt(MOST_CHANGES); n > 0; n--) {
      input = change(input, corpus);
    }
    return input.length > LONGEST ? Arrays.copyOf(input, LONGEST) : input;
  }

  private byte[] change(byte[] input, List<byte[]> corpus) {
    if (input.length == 0) {
      return pick(corpus).clone();
    }
    int at = random.nextInt(input.length);
    int length = Math.min(1 + random.nextInt(1 << random.nextInt(1, 9)), input.length - at);
    return switch (random.nextInt(KINDS)) {
      case 0 -> with(input, at, (byte) (input[at] ^ (1 << random.nextInt(Byte.SIZE))));
      case 1 -> with(input, at, (byte) random.nextInt());
      case 2 -> number(input, at);
      case 3 -> splice(input, at, at + length, new byte[0]);
      case 4 -> splice(input, at, at, Arrays.copyOfRange(input, at, at + length));
      case 5 -> splice(input, at, at + length, piece(pick(corpus), length));
      case 6 -> Arrays.copyOf(input, at);
      case 7 -> word(input, at);
      default -> splice(input, at, at, piece(input, length));
    };
  }

  private static byte[] with(byte[] input, int at, byte value) {
    input[at] = value;
    return input;
  }

  /** Overwrites a field of 1, 2 or 4 bytes of either order with a number that is often a limit. */
  private byte[] number(byte[] input, int at) {
    int size = Math.min(1 << random.nextInt(3), input.length - at);
    long value = NUMBERS[random.nextInt(NUMBERS.length)];
    boolean little = random.nextBoolean();
    for (int i = 0; i < size; i++) {
      input[at + i] = (byte) (value >>> (Byte.SIZE * (little ? i : size - 1 - i)));
    }
    return input;
  }

  private byte[] word(byte[] input, int at) {
    if (words.isEmpty()) {
      return number(input, at);
    }
    byte[] word = pick(words);
    return splice(
        input, at, random.nextBoolean() ? at : Math.min(input.length, at + word.length), word);
  }

  private byte[] piece(byte[] of, int length) {
    int from = of.length == 0 ? 0 : random.nextInt(of.length);
    return Arrays.copyOfRange(of, from, Math.min(of.length, from + length));
  }

  /** Replaces the bytes from {@code from} to {@code to}, exclusive, by others. */
  private static byte[] splice(byte[] input, int from, int to, byte[] by) {
    var out = new ByteArrayOutputStream(input.length + by.length);
    out.write(input, 0, from);
    out.write(by, 0, by.length);
    out.write(input, to, input.length - to);
    return out.toByteArray();
  }

  private byte[] pick(List<byte[]> from) {
    return from.get(random.nextInt(from.size()));
  }
}
