package org.llavamed.preprocess.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * The chunks of a PNG file that make its pixels. Texts, gamma and colour profiles are left out:
 * they may inflate without end, and a profile that is applied changes the pixels.
 *
 * @param bytes a PNG file of these chunks alone
 */
@SuppressWarnings("ArrayRecordComponent") // made, read once and dropped within one call
record PngChunks(byte[] bytes) {
  private static final Set<String> PIXEL_CHUNKS = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");
  private static final int SIGNATURE = 8;
  private static final int CHUNK_FRAME = 12;

  /** Offset of Bit Depth: behind the signature, the frame of IHDR, width and height. */
  private static final int BIT_DEPTH = 24;

  /**
   * Reads the chunks of a file.
   *
   * @throws IOException if a chunk is longer than the file or the header is missing
   */
  static PngChunks of(byte[] file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(file).position(SIGNATURE);
    ByteBuffer out = ByteBuffer.allocate(file.length).put(file, 0, SIGNATURE);
    while (in.remaining() >= CHUNK_FRAME) {
      int start = in.position();
      int length = in.getInt(start);
      if (length < 0 || length > in.remaining() - CHUNK_FRAME) {
        throw new IOException(
            "a chunk of %d bytes at offset %d, %d are left"
                .formatted(length & 0xffffffffL, start, in.remaining() - CHUNK_FRAME));
      }
      String type = new String(file, start + 4, 4, StandardCharsets.US_ASCII);
      if (PIXEL_CHUNKS.contains(type)) {
        out.put(file, start, length + CHUNK_FRAME);
      }
      in.position(start + length + CHUNK_FRAME);
    }
    if (out.position() <= BIT_DEPTH) {
      throw new IOException("the header is missing");
    }
    byte[] kept = new byte[out.position()];
    out.get(0, kept);
    return new PngChunks(kept);
  }

  /** Returns the bits of a sample: 1, 2, 4, 8 or 16. */
  int bitDepth() {
    return bytes[BIT_DEPTH];
  }
}
