package org.llavamed.launcher;

/** The product cannot start; the message is what the user reads. */
final class LaunchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LaunchException(String message) {
    super(message);
  }
}
