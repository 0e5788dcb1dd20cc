package org.llavamed.dicom.internal;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the bytes of text become characters: the values of Specific Character Set (0008,0005), PS3.3
 * C.12.1.1.2. Terms that are misspelt in a way often seen (ISO_IR_100, ISO2022 IR 87) are taken for
 * what they mean; unknown ones are read as ISO 8859-1 and named by {@link #unknown}.
 */
public final class CharacterSet {
  private static final Pattern REGISTERED =
      Pattern.compile("ISO[ _-]?(?:2022[ _-]?)?IR[ _-]?([0-9]+)");
  private static final Map<String, String> WHOLE =
      Map.of("192", "UTF-8", "UTF-8", "UTF-8", "UTF8", "UTF-8", "GB18030", "GB18030", "GBK", "GBK");

  /** ISO_IR 192. */
  public static final CharacterSet UTF_8 = new CharacterSet(List.of("ISO_IR 192"));

  /** What holds where the attribute is absent: ISO_IR 6, read as ISO 8859-1. */
  public static final CharacterSet DEFAULT = new CharacterSet(List.of());

  private final List<String> terms;
  private final List<String> unknown = new ArrayList<>();
  private final @Nullable Charset whole;
  private final CodeElement initial;

  private CharacterSet(List<String> terms) {
    this.terms = List.copyOf(terms);
    Charset found = null;
    CodeElement first = CodeElement.LATIN_1;
    for (int i = 0; i < terms.size(); i++) {
      String number = number(terms.get(i));
      String name = WHOLE.get(number);
      CodeElement element = CodeElement.byNumber(number);
      if (name != null) {
        found = i == 0 ? Charset.forName(name) : found;
      } else if (element == null) {
        unknown.add(terms.get(i));
      } else if (i == 0 && element.isSecondHalf()) {
        first = element;
      }
    }
    this.whole = found;
    this.initial = first;
  }

  private static String number(String term) {
    String upper = term.strip().toUpperCase(Locale.ROOT);
    Matcher matcher = REGISTERED.matcher(upper);
    return matcher.matches() ? matcher.group(1) : upper.isEmpty() ? "6" : upper;
  }

  /** Returns the character set of these defined terms. */
  public static CharacterSet of(List<String> terms) {
    return terms.equals(UTF_8.terms) ? UTF_8 : new CharacterSet(terms);
  }

  /** Returns the defined terms. */
  public List<String> terms() {
    return terms;
  }

  /** Returns the terms that are not known. */
  public List<String> unknown() {
    return List.copyOf(unknown);
  }

  /**
   * Returns the text of a value field; bytes that stand for no character become U+FFFD.
   *
   * @param delimiters characters at which code extensions end, beside control characters: the
   *     backslash where it separates values, {@code ^} and {@code =} in names (PS3.5 6.1.2.5.3)
   */
  public String decode(ByteBuffer bytes, String delimiters) {
    if (whole != null) {
      return whole.decode(bytes.duplicate()).toString();
    }
    if (isPlain(bytes)) {
      return StandardCharsets.US_ASCII.decode(bytes.duplicate()).toString();
    }
    return new CodeExtensions(initial, delimiters).decode(bytes.duplicate());
  }

  private static boolean isPlain(ByteBuffer bytes) {
    for (int i = bytes.position(); i < bytes.limit(); i++) {
      if (bytes.get(i) < 0 || bytes.get(i) == CodeExtensions.ESCAPE) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CharacterSet that && terms.equals(that.terms);
  }

  @Override
  public int hashCode() {
    return terms.hashCode();
  }
}
