package org.llavamed.result.internal;

import java.util.Arrays;
import java.util.Locale;
import org.llavamed.dicom.Uids;

/** The transfer syntax of captures. */
enum CaptureSyntax {
  NATIVE(Uids.ExplicitVRLittleEndian),
  RLE(Uids.RLELossless),
  JPEG(Uids.JPEGBaseline8Bit);

  private final String uid;

  CaptureSyntax(String uid) {
    this.uid = uid;
  }

  /** Returns the UID of the transfer syntax. */
  String uid() {
    return uid;
  }

  /**
   * Returns the one that the configuration names.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  static CaptureSyntax of(String name) {
    return Arrays.stream(values())
        .filter(syntax -> syntax.name().equalsIgnoreCase(name.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "captureTransferSyntax in the configuration %s is '%s', expected one of %s"
                        .formatted(
                            DicomResultWriter.PID,
                            name,
                            Arrays.toString(values()).toLowerCase(Locale.ROOT))));
  }
}
