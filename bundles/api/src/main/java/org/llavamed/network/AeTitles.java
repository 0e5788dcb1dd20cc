package org.llavamed.network;

/** The rule for AE titles (PS3.5 table 6.2-1, value representation AE). */
final class AeTitles {
  private static final int LONGEST = 16;

  private AeTitles() {}

  /**
   * Returns the title without the blanks around it.
   *
   * @throws IllegalArgumentException if it is empty, longer than 16 characters, or holds a
   *     backslash or a character outside of ASCII
   */
  static String checked(String name, String title) {
    String text = title.strip();
    boolean allowed = text.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '\\');
    if (text.isEmpty() || text.length() > LONGEST || !allowed) {
      throw new IllegalArgumentException(
          "the %s AE title is '%s', expected 1 to %d ASCII characters without backslash"
              .formatted(name, title, LONGEST));
    }
    return text;
  }
}
