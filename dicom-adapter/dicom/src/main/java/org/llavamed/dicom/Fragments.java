package org.llavamed.dicom;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the fragments of encapsulated pixel data lie in a source, in ascending order. Kept as plain
 * numbers: an object may have millions of them.
 */
final class Fragments {
  /** Bytes of memory that a fragment takes: offset, length and end. */
  static final int MEMORY = 3 * Long.BYTES;

  private static final int FIRST_CAPACITY = 4;

  private long[] offsets = new long[FIRST_CAPACITY];
  private long[] lengths = new long[FIRST_CAPACITY];
  private int count;
  private volatile long @Nullable [] ends;

  /**
   * Adds a fragment behind the others.
   *
   * @param offset of its first byte in the source
   * @param length in bytes
   */
  void add(long offset, long length) {
    if (count == offsets.length) {
      int capacity = count + (count >> 1);
      offsets = Arrays.copyOf(offsets, capacity);
      lengths = Arrays.copyOf(lengths, capacity);
    }
    offsets[count] = offset;
    lengths[count] = length;
    count++;
  }

  int count() {
    return count;
  }

  long offset(int fragment) {
    return offsets[fragment];
  }

  long length(int fragment) {
    return lengths[fragment];
  }

  /** Returns the bytes of some fragments: from one, up to but without another. */
  long length(int first, int end) {
    return before(end) - before(first);
  }

  /** Returns the bytes of all fragments. */
  long length() {
    return before(count);
  }

  /** Returns the fragment that begins so far behind the first one's item tag; -1 if none does. */
  int startingAt(long start) {
    return count == 0
        ? -1
        : Math.max(-1, Arrays.binarySearch(offsets, 0, count, start + offsets[0]));
  }

  /** Returns the fragment that holds a byte of the joined fragments. */
  int holding(long position) {
    int found = Arrays.binarySearch(sums(), 0, count, position + 1);
    int fragment = found < 0 ? -found - 1 : found;
    while (fragment > 0 && before(fragment) > position) {
      fragment--;
    }
    return fragment;
  }

  /** Returns the bytes of all fragments before one. */
  long before(int fragment) {
    return fragment == 0 ? 0 : sums()[fragment - 1];
  }

  private long[] sums() {
    long[] sums = ends;
    if (sums == null) {
      sums = new long[count];
      long sum = 0;
      for (int i = 0; i < count; i++) {
        sum += lengths[i];
        sums[i] = sum;
      }
      ends = sums;
    }
    return sums;
  }
}
