package org.llavamed.annotation;

/**
 * A coded concept (PS3.3 section 8.8).
 *
 * @param value Code Value, at most 16 characters
 * @param scheme Coding Scheme Designator, at most 16 characters; private schemes begin with 99
 * @param meaning Code Meaning, at most 64 characters
 */
public record Code(String value, String scheme, String meaning) {
  public Code {
    check("value", value, 16);
    check("scheme", scheme, 16);
    check("meaning", meaning, 64);
  }

  private static void check(String name, String text, int most) {
    int length = text.codePointCount(0, text.length());
    if (text.isBlank() || length > most) {
      throw new IllegalArgumentException(
          "Code %s '%s' has %d characters, expected 1 to %d".formatted(name, text, length, most));
    }
  }
}
