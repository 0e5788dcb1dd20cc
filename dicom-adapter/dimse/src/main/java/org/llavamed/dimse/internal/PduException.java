package org.llavamed.dimse.internal;

/** Bytes from a peer break the rules of PS3.8; the message is a part of a sentence. */
final class PduException extends Exception {
  private static final long serialVersionUID = 1L;

  PduException(String message) {
    super(message);
  }
}
