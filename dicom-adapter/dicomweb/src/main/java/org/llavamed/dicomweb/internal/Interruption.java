package org.llavamed.dicomweb.internal;

import java.io.IOException;
import java.io.InterruptedIOException;

/** The thread was interrupted while it waited for a peer. */
final class Interruption {
  private Interruption() {}

  /** Returns the error; it is never a reason to try again. */
  static IOException of(InterruptedException cause) {
    InterruptedIOException error = new InterruptedIOException("interrupted");
    error.initCause(cause);
    return error;
  }
}
