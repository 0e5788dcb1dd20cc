package org.llavamed.dicom;

import java.io.EOFException;
import java.nio.ByteBuffer;
import org.llavamed.dicom.internal.ByteSource;
import org.llavamed.dicom.internal.MemorySource;

/** Bytes in memory that counts what is read of them. */
final class CountingSource implements ByteSource {
  private final MemorySource bytes;
  private long read;
  private int reads;

  CountingSource(ByteBuffer bytes) {
    this.bytes = new MemorySource(bytes);
  }

  /** Returns the bytes that were read. */
  long bytes() {
    return read;
  }

  /** Returns how often bytes were read. */
  int reads() {
    return reads;
  }

  @Override
  public long size() {
    return bytes.size();
  }

  @Override
  public void read(long offset, ByteBuffer target) throws EOFException {
    read += target.remaining();
    reads++;
    bytes.read(offset, target);
  }
}
