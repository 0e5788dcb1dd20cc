package org.llavamed.dicom.internal;

import java.nio.charset.Charset;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A set of characters that ISO 2022 designates as G0 (bytes 21 to 7E) or G1 (bytes A0 to FF), by
 * its number in the ISO registry and by its escape sequence (PS3.3 tables C.12-3 and C.12-4). Two
 * byte sets are decoded by the EUC coding that holds them in its upper half.
 */
enum CodeElement {
  ASCII("6", "(B", "US-ASCII", 1, false),
  LATIN_1("100", "-A", "ISO-8859-1", 1, true),
  LATIN_2("101", "-B", "ISO-8859-2", 1, true),
  LATIN_3("109", "-C", "ISO-8859-3", 1, true),
  LATIN_4("110", "-D", "ISO-8859-4", 1, true),
  CYRILLIC("144", "-L", "ISO-8859-5", 1, true),
  ARABIC("127", "-G", "ISO-8859-6", 1, true),
  GREEK("126", "-F", "ISO-8859-7", 1, true),
  HEBREW("138", "-H", "ISO-8859-8", 1, true),
  LATIN_5("148", "-M", "ISO-8859-9", 1, true),
  LATIN_9("203", "-b", "ISO-8859-15", 1, true),
  THAI("166", "-T", "TIS-620", 1, true),
  KATAKANA("13", ")I", "JIS_X0201", 1, true),
  /** Differs from ASCII by yen sign and overline; both are read as ASCII, as 5C delimits. */
  ROMAJI("14", "(J", "US-ASCII", 1, false),
  KANJI("87", "$B", "EUC-JP", 2, false),
  KANJI_1978("42", "$@", "EUC-JP", 2, false),
  SUPPLEMENTARY_KANJI("159", "$(D", "EUC-JP", 2, false),
  KOREAN("149", "$)C", "EUC-KR", 2, true),
  CHINESE("58", "$)A", "GB2312", 2, true);

  private final String number;
  private final String escape;
  private final String charset;
  private final int width;
  private final boolean secondHalf;

  CodeElement(String number, String escape, String charset, int width, boolean secondHalf) {
    this.number = number;
    this.escape = escape;
    this.charset = charset;
    this.width = width;
    this.secondHalf = secondHalf;
  }

  static @Nullable CodeElement byNumber(String number) {
    return Arrays.stream(values()).filter(e -> e.number.equals(number)).findFirst().orElse(null);
  }

  static @Nullable CodeElement byEscape(String start) {
    return Arrays.stream(values()).filter(e -> start.startsWith(e.escape)).findFirst().orElse(null);
  }

  /** Returns the number of characters behind ESC. */
  int escapeLength() {
    return escape.length();
  }

  Charset charset() {
    return Charset.forName(charset);
  }

  /** Returns the bytes of a character: 1 or 2. */
  int width() {
    return width;
  }

  /** Returns whether it is designated as G1. */
  boolean isSecondHalf() {
    return secondHalf;
  }
}
