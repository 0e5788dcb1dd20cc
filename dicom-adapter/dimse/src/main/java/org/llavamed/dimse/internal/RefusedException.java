package org.llavamed.dimse.internal;

/** An object is refused; the message is what the peer is told, at most 64 ASCII characters. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  RefusedException(int status, String comment) {
    super(comment);
    this.status = status;
  }

  int status() {
    return status;
  }

  String comment() {
    return String.valueOf(getMessage());
  }
}
