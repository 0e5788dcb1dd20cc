package org.llavamed.check.internal;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.llavamed.dicom.Tag;
import org.llavamed.imaging.Attributes;

/**
 * A code as it is compared: without its version.
 *
 * @param value Code Value, Long Code Value or URN Code Value
 * @param scheme Coding Scheme Designator; empty beside a URN
 * @param meaning Code Meaning, for people
 */
record Term(String value, String scheme, String meaning) {
  /** Returns the code of the first item of a code sequence. */
  static Optional<Term> of(Attributes data, int sequence) {
    List<? extends Attributes> items = data.items(sequence);
    return items.isEmpty() ? Optional.empty() : Optional.of(of(items.get(0)));
  }

  /** Returns the code of an item of a code sequence; texts are empty where it lacks them. */
  static Term of(Attributes item) {
    String value =
        Stream.of(Tag.CodeValue, Tag.LongCodeValue, Tag.URNCodeValue)
            .flatMap(tag -> item.string(tag).stream())
            .findFirst()
            .orElse("");
    return new Term(
        value,
        item.string(Tag.CodingSchemeDesignator).orElse(""),
        item.string(Tag.CodeMeaning).orElse(""));
  }

  /** Parses {@code value,scheme meaning}, the meaning may be left out. */
  static Term parse(String text) {
    int blank = text.indexOf(' ');
    String code = blank < 0 ? text : text.substring(0, blank);
    int comma = code.lastIndexOf(',');
    return new Term(
        code.substring(0, comma),
        code.substring(comma + 1),
        blank < 0 ? "" : text.substring(blank + 1));
  }

  boolean same(Term other) {
    return value.equals(other.value) && scheme.equals(other.scheme);
  }

  /** Returns the form of the standard. */
  @Override
  public String toString() {
    return meaning.isEmpty()
        ? "(%s, %s)".formatted(value, scheme)
        : "(%s, %s, \"%s\")".formatted(value, scheme, meaning);
  }
}
