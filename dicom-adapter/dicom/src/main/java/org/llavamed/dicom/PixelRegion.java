package org.llavamed.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
    Fragments fragments) {

  boolean encapsulated() {
    return offsetTable != null;
  }
}
