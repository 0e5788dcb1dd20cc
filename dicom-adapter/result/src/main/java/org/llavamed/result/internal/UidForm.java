package org.llavamed.result.internal;

import java.util.Optional;
import java.util.regex.Pattern;
import org.llavamed.dicom.Vr;

/** The form of UIDs: PS3.5 section 9.1, and the roots that ISO 8824 has. */
final class UidForm {
  /** Under the roots 0 and 1 the second component is at most 39; there is no root above 2. */
  private static final Pattern ROOT = Pattern.compile("([01]\\.[1-3]?[0-9]|2\\.[0-9]+)(\\..*)?");

  private UidForm() {}

  /** Returns what is wrong with a UID, as a part of a sentence; empty where it is allowed. */
  static Optional<String> problem(String uid) {
    return Vr.UI
        .problem(uid)
        .or(
            () ->
                ROOT.matcher(uid).matches()
                    ? Optional.empty()
                    : Optional.of("'%s' has a root that does not exist".formatted(uid)));
  }
}
