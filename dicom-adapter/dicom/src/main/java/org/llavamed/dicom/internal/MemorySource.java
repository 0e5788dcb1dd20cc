package org.llavamed.dicom.internal;

import java.io.EOFException;
import java.nio.ByteBuffer;

/** Bytes in memory. */
public final class MemorySource implements ByteSource {
  private final ByteBuffer bytes;

  /** Makes a source of what remains in a buffer. */
  public MemorySource(ByteBuffer bytes) {
    this.bytes = bytes.slice().asReadOnlyBuffer();
  }

  @Override
  public long size() {
    return bytes.limit();
  }

  @Override
  public void read(long offset, ByteBuffer target) throws EOFException {
    if (offset < 0 || offset + target.remaining() > bytes.limit()) {
      throw new EOFException("%d bytes, read beyond them".formatted(bytes.limit()));
    }
    target.put(bytes.slice((int) offset, target.remaining()));
  }

  @Override
  public ByteBuffer slice(long offset, int length) throws EOFException {
    if (offset < 0 || length < 0 || offset + length > bytes.limit()) {
      throw new EOFException("%d bytes, read beyond them".formatted(bytes.limit()));
    }
    return bytes.slice((int) offset, length);
  }
}
