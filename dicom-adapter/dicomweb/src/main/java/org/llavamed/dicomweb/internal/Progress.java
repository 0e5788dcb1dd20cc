package org.llavamed.dicomweb.internal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/** When something of a request was last taken by the peer, and how much. Safe for threads. */
final class Progress {
  private final AtomicLong last = new AtomicLong(System.nanoTime());
  private final AtomicLong bytes = new AtomicLong();

  /** Returns the nanoseconds since the last piece was taken, or since the beginning. */
  long idleNanos() {
    return System.nanoTime() - last.get();
  }

  /** Returns whether a piece of the body was taken. */
  boolean hasSent() {
    return bytes.get() > 0;
  }

  /** Returns a stream that counts what is read from it. */
  InputStream watch(InputStream body) {
    return new FilterInputStream(body) {
      @Override
      public int read() throws IOException {
        return counted(in.read(), 1);
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        int count = in.read(target, offset, length);
        return counted(count, count);
      }
    };
  }

  private int counted(int result, int count) {
    last.set(System.nanoTime());
    if (result >= 0) {
      bytes.addAndGet(count);
    }
    return result;
  }
}
