package org.llavamed.dicom;

import org.llavamed.imaging.ImagingException;

/**
 * What one object may take in memory, pixel data apart. Each element takes some 200 bytes beside
 * its value, so that a small file of empty elements cannot fill the heap unseen.
 */
final class Limits {
  private static final String ADVICE = "Give the JVM more memory (-Xmx) if the file is sound";

  /** How many times its bytes a value takes that is read as a list of texts or numbers. */
  static final int LIST_GROWTH = 32;

  private final long mostBytes;
  private final long mostElements;
  private long bytes;
  private long elements;

  Limits(long mostBytes, long mostElements) {
    this.mostBytes = mostBytes;
    this.mostElements = mostElements;
  }

  /** Returns limits that suit the heap: a third of it for values, a third for elements. */
  static Limits ofHeap() {
    long third = Runtime.getRuntime().maxMemory() / 3;
    return new Limits(Math.min(third, Integer.MAX_VALUE - 16), third / 256);
  }

  /**
   * Returns the most bytes that a deflated data set may become: while it grows it is there three
   * times, and then its values are kept beside it.
   */
  long mostInflated() {
    return mostBytes / 2;
  }

  void countElement(Object where, int tag) {
    if (++elements > mostElements) {
      throw tooLarge(where, tag, "more than %d elements".formatted(mostElements));
    }
  }

  /**
   * Counts a value field. One that is read as a list of texts or numbers takes up to {@value
   * #LIST_GROWTH} times its bytes then, and may have that part of the bytes at most.
   */
  void countValue(Object where, int tag, Vr vr, long length) {
    long most = mostBytes / LIST_GROWTH;
    if ((vr.isMultiValued() || vr.isBinaryNumber()) && length > most) {
      throw ImagingException.damaged(
          where,
          "%s has %d bytes of texts or numbers, %d fit"
              .formatted(Dictionary.describe(tag), length, most),
          ADVICE);
    }
    countBytes(where, tag, length);
  }

  void countBytes(Object where, int tag, long count) {
    bytes += count;
    if (bytes > mostBytes) {
      throw tooLarge(where, tag, "%d bytes of values, %d fit".formatted(bytes, mostBytes));
    }
  }

  private static ImagingException tooLarge(Object where, int tag, String found) {
    return ImagingException.damaged(
        where,
        "up to %s the object has %s beside its pixel data"
            .formatted(Dictionary.describe(tag), found),
        ADVICE);
  }
}
