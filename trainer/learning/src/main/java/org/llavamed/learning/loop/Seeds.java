package org.llavamed.learning.loop;

/** Seeds of random numbers, one for each place that draws some. */
final class Seeds {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private Seeds() {}

  /** Returns a seed in which every part counts: SplitMix64's mixing (Steele, Lea, Flood 2014). */
  static long of(long... parts) {
    long seed = parts.length;
    for (long part : parts) {
      seed = mix(mix(seed + GOLDEN) ^ part);
    }
    return seed;
  }

  private static long mix(long bits) {
    long z = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
