package org.llavamed.learning.loop;

/** The run was asked to end before its first step. */
final class AskedToEndException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  AskedToEndException() {
    super("The run was asked to end before its first step");
  }
}
