package org.llavamed.codec.internal;

import jj2000.j2k.util.MsgLogger;

/**
 * Keeps the first message that says that data is missing, instead of printing it. Others tell of
 * markers that the decoder does not need.
 */
final class J2kWarnings implements MsgLogger {
  private static final String MISSING = "Codestream truncated";

  private String first = "";

  /** Returns the first message; empty where there was none. */
  String first() {
    return first;
  }

  @Override
  public void printmsg(int severity, String message) {
    if (first.isEmpty() && message.startsWith(MISSING)) {
      first = message;
    }
  }

  @Override
  public void println(String text, int firstIndent, int indent) {
    // Statistics, which nobody asked for.
  }

  @Override
  public void flush() {
    // Nothing is held back.
  }
}
