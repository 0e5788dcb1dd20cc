package org.llavamed.dimse.internal;

/** Values of Status (0000,0900): PS3.7 annex C and the service classes of PS3.4. */
final class Status {
  static final int SUCCESS = 0x0000;
  static final int PROCESSING_FAILURE = 0x0110;
  static final int NO_SUCH_SOP_INSTANCE = 0x0112;
  static final int SOP_CLASS_NOT_SUPPORTED = 0x0122;
  static final int UNRECOGNISED_OPERATION = 0x0211;
  static final int OUT_OF_RESOURCES = 0xA700;
  static final int DATA_SET_MISMATCH = 0xA900;
  static final int CANNOT_UNDERSTAND = 0xC000;
  static final int CANCEL = 0xFE00;
  static final int PENDING = 0xFF00;
  static final int PENDING_WITH_WARNING = 0xFF01;

  private Status() {}

  static boolean isPending(int status) {
    return status == PENDING || status == PENDING_WITH_WARNING;
  }

  /** Returns number and meaning, for people. */
  static String describe(int status) {
    return "%04X (%s)".formatted(status, meaning(status));
  }

  private static String meaning(int status) {
    String known =
        switch (status) {
          case SUCCESS -> "success";
          case 0x0105 -> "no such attribute";
          case 0x0106 -> "invalid attribute value";
          case PROCESSING_FAILURE -> "processing failure";
          case 0x0111 -> "duplicate SOP instance";
          case NO_SUCH_SOP_INSTANCE -> "no such SOP instance";
          case 0x0117 -> "invalid SOP instance";
          case 0x0118 -> "no such SOP class";
          case 0x0119 -> "class-instance conflict";
          case 0x0120 -> "missing attribute";
          case SOP_CLASS_NOT_SUPPORTED -> "SOP class not supported";
          case 0x0123 -> "no such action";
          case 0x0124 -> "not authorised";
          case 0x0210 -> "duplicate invocation";
          case UNRECOGNISED_OPERATION -> "unrecognised operation";
          case 0x0212 -> "mistyped argument";
          case 0x0213 -> "resource limitation";
          case 0xA701 -> "out of resources: the number of matches cannot be counted";
          case 0xA702 -> "out of resources: sub-operations cannot be performed";
          case 0xA801 -> "move destination unknown";
          case 0xB000 -> "warning: one or more failures, or coercion of data elements";
          case 0xB006 -> "warning: elements discarded";
          case 0xB007 -> "warning: data set does not match SOP class";
          case CANCEL -> "cancelled";
          case PENDING -> "pending";
          case PENDING_WITH_WARNING -> "pending, optional keys not supported";
          default -> "";
        };
    return known.isEmpty() ? family(status) : known;
  }

  private static String family(int status) {
    return switch (status >>> 8) {
      case 0xA7 -> "out of resources";
      case 0xA9 -> "data set does not match SOP class";
      case 0xB0 -> "warning";
      default -> status >>> 12 == 0xC ? "unable to process" : "unknown status";
    };
  }
}
