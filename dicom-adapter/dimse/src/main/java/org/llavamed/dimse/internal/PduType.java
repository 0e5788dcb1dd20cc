package org.llavamed.dimse.internal;

import java.util.Optional;

/** The protocol data units of PS3.8 section 9.3. */
enum PduType {
  A_ASSOCIATE_RQ(1, "A-ASSOCIATE-RQ"),
  A_ASSOCIATE_AC(2, "A-ASSOCIATE-AC"),
  A_ASSOCIATE_RJ(3, "A-ASSOCIATE-RJ"),
  P_DATA_TF(4, "P-DATA-TF"),
  A_RELEASE_RQ(5, "A-RELEASE-RQ"),
  A_RELEASE_RP(6, "A-RELEASE-RP"),
  A_ABORT(7, "A-ABORT");

  private static final PduType[] ALL = values();

  private final int code;
  private final String text;

  PduType(int code, String text) {
    this.code = code;
    this.text = text;
  }

  /** Returns the number in the first byte of the PDU. */
  int code() {
    return code;
  }

  static Optional<PduType> of(int code) {
    return code >= 1 && code <= ALL.length ? Optional.of(ALL[code - 1]) : Optional.empty();
  }

  /** Returns the name as in the standard. */
  String text() {
    return text;
  }
}
