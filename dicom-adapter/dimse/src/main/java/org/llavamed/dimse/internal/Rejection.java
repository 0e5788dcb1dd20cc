package org.llavamed.dimse.internal;

/** The result, source and reason of an A-ASSOCIATE-RJ PDU (PS3.8 section 9.3.4). */
enum Rejection {
  NO_REASON(1, 1, 1, "no reason given", "Ask its administrator"),
  APPLICATION_CONTEXT(1, 1, 2, "application context name not supported", "Ask its administrator"),
  CALLING_AE_TITLE(
      1,
      1,
      3,
      "calling AE title not recognised",
      "Have our AE title added to the peer's list, or give another one (--aet)"),
  CALLED_AE_TITLE(
      1, 1, 7, "called AE title not recognised", "Give the peer's own AE title (--aec)"),
  PROTOCOL_VERSION(1, 2, 2, "protocol version not supported", "Ask its administrator"),
  CONGESTION(2, 3, 1, "temporary congestion", "Try again later"),
  LOCAL_LIMIT(2, 3, 2, "local limit exceeded", "Try again later, or with fewer associations");

  private final int result;
  private final int source;
  private final int reason;
  private final String text;
  private final String advice;

  Rejection(int result, int source, int reason, String text, String advice) {
    this.result = result;
    this.source = source;
    this.reason = reason;
    this.text = text;
    this.advice = advice;
  }

  int result() {
    return result;
  }

  int source() {
    return source;
  }

  int reason() {
    return reason;
  }

  String text() {
    return text;
  }

  String advice() {
    return advice;
  }

  /** Returns the one with this source and reason; {@link #NO_REASON} where there is none. */
  static Rejection of(int source, int reason) {
    for (Rejection rejection : values()) {
      if (rejection.source == source && rejection.reason == reason) {
        return rejection;
      }
    }
    return NO_REASON;
  }
}
