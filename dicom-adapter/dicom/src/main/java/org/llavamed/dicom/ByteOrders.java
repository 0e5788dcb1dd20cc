package org.llavamed.dicom;

/** Reverses the byte order of numbers in place. */
final class ByteOrders {
  private ByteOrders() {}

  /** Reverses each unit of 1, 2, 4 or 8 bytes; what is left at the end stays as it is. */
  static void swap(byte[] bytes, int unit) {
    for (int start = 0; start + unit <= bytes.length; start += unit) {
      for (int low = start, high = start + unit - 1; low < high; low++, high--) {
        byte first = bytes[low];
        bytes[low] = bytes[high];
        bytes[high] = first;
      }
    }
  }
}
