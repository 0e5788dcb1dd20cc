package org.llavamed.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where pixel data lies in a source.
 *
 * @param tag Pixel Data, Float Pixel Data or Double Float Pixel Data
 * @param vr OB, OW, OF or OD
 * @param order byte order of native values
 * @param offset of the first byte of native values, in the source
 * @param length of native values, in bytes
 * @param offsetTable basic offset table of encapsulated pixel data; null where it is native
 * @param fragments what follows the table
 */
record PixelRegion(
    int tag,
    Vr vr,
    ByteOrder order,
    long offset,
    long length,
    @Nullable ByteBuffer offsetTable,
    List<Fragment> fragments) {

  /**
   * One fragment.
   *
   * @param start offset of its item tag, from the first fragment's item tag as offset tables count
   * @param offset of its first byte, in the source
   * @param length in bytes
   */
  record Fragment(long start, long offset, long length) {}

  boolean encapsulated() {
    return offsetTable != null;
  }
}
