package org.llavamed.dimse.internal;

import java.util.regex.Pattern;

/** The rule for unique identifiers (PS3.5 section 9.1), so far as a file name needs it. */
final class Uid {
  private static final Pattern FORM = Pattern.compile("[0-9]+(\\.[0-9]+)*");
  private static final int LONGEST = 64;

  private Uid() {}

  /** Returns whether the text is numbers with single dots between them, 64 characters at most. */
  static boolean isValid(String text) {
    return text.length() <= LONGEST && FORM.matcher(text).matches();
  }
}
