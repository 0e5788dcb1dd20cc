package org.llavamed.dimse.internal;

/** The source and reason of an A-ABORT PDU (PS3.8 section 9.3.8). */
enum Abort {
  USER(0, 0, "by its user"),
  NOT_SPECIFIED(2, 0, "by its protocol machine, no reason given"),
  UNRECOGNISED_PDU(2, 1, "by its protocol machine, for an unrecognised PDU"),
  UNEXPECTED_PDU(2, 2, "by its protocol machine, for an unexpected PDU"),
  UNRECOGNISED_PARAMETER(2, 4, "by its protocol machine, for an unrecognised PDU parameter"),
  UNEXPECTED_PARAMETER(2, 5, "by its protocol machine, for an unexpected PDU parameter"),
  INVALID_PARAMETER(2, 6, "by its protocol machine, for an invalid PDU parameter value");

  private final int source;
  private final int reason;
  private final String text;

  Abort(int source, int reason, String text) {
    this.source = source;
    this.reason = reason;
    this.text = text;
  }

  int source() {
    return source;
  }

  int reason() {
    return reason;
  }

  /** Returns what source and reason mean, as a part of a sentence. */
  static String describe(int source, int reason) {
    for (Abort abort : values()) {
      if (abort.source == source && (source == 0 || abort.reason == reason)) {
        return abort.text;
      }
    }
    return "with source %d and reason %d".formatted(source, reason);
  }
}
