package org.llavamed.dicomweb.internal;

/** What the numbers of Failure Reason and Warning Reason mean (PS3.18 tables I.2-1 and I.2-2). */
final class StatusWords {
  private StatusWords() {}

  /** Returns words for a number, with the number. */
  static String of(int reason) {
    return reason < 0 ? "no reason was given" : "%s (%04X)".formatted(words(reason), reason);
  }

  private static String words(int reason) {
    return switch (reason) {
      case 0x0106 -> "an attribute has an invalid value";
      case 0x0110 -> "processing failed";
      case 0x0111 -> "the SOP instance is there already";
      case 0x0112 -> "no such SOP instance";
      case 0x0117 -> "the SOP instance is invalid";
      case 0x0118 -> "no such SOP class";
      case 0x0119 -> "the SOP class is that of another instance";
      case 0x0120 -> "an attribute is missing";
      case 0x0121 -> "an attribute has no value";
      case 0x0122 -> "the SOP class is not supported";
      case 0x0124 -> "we are not allowed to store this";
      case 0x0131 -> "the transaction UID is in use";
      case 0x0213 -> "the resources are limited";
      case 0xB000 -> "data elements were changed";
      case 0xB006 -> "data elements were left out";
      case 0xB007 -> "the data set does not match the SOP class";
      case 0xC122 -> "the transfer syntax is not supported";
      case 0xC409 -> "the study differs from what is known of it";
      default -> family(reason);
    };
  }

  private static String family(int reason) {
    if (reason >>> 8 == 0xA7) {
      return "out of resources";
    }
    if (reason >>> 8 == 0xA9) {
      return "the data set does not match the SOP class";
    }
    if (reason >>> 12 == 0xC) {
      return "the object cannot be understood";
    }
    return reason >>> 12 == 0xB ? "a warning of the service" : "a failure of the service";
  }
}
