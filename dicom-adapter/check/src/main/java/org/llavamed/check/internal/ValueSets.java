package org.llavamed.check.internal;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Values and units that a row of a template allows. */
final class ValueSets {
  private static final Set<String> LANGUAGES = Set.of(Locale.getISOLanguages());
  private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());
  private static final Set<String> LANGUAGE_SCHEMES =
      Set.of("RFC5646", "RFC4646", "RFC3066", "RFC1766", "ISO639_1");

  private final Problems problems;

  ValueSets(Problems problems) {
    this.problems = problems;
  }

  void check(Item item, Row row) {
    List<String> words = Resource.words(row.valueSet());
    if (words.isEmpty()) {
      return;
    }
    Optional<Term> value = words.get(0).equals("UNITS") ? Quantities.unit(item) : item.code();
    value.ifPresent(
        term -> {
          switch (words.get(0)) {
            case "UNITS" -> checkUnit(item, row, term, row.valueSet().substring(6));
            case "LANGUAGE" -> checkLanguage(item, row, term);
            case "COUNTRY" -> checkCountry(item, row, term);
            default -> checkGroup(item, row, term, words);
          }
        });
  }

  private void checkUnit(Item item, Row row, Term unit, String expected) {
    if (!Concept.parse(expected).matches(unit)) {
      problems.error(
          item.place(), "has unit %s, expected %s".formatted(unit, expected), row.source());
    }
  }

  /** A tag of RFC 5646 whose first part is a language of ISO 639. */
  private void checkLanguage(Item item, Row row, Term value) {
    String language = value.value().split("[-_]", -1)[0].toLowerCase(Locale.ROOT);
    if (!LANGUAGE_SCHEMES.contains(value.scheme()) || !LANGUAGES.contains(language)) {
      problems.error(
          item.place(),
          "is %s, expected a language of CID 5000, for example (en, RFC5646)".formatted(value),
          row.source());
    }
  }

  private void checkCountry(Item item, Row row, Term value) {
    if (!value.scheme().equals("ISO3166_1") || !COUNTRIES.contains(value.value())) {
      problems.error(
          item.place(),
          "is %s, expected a country of CID 5001, for example (US, ISO3166_1)".formatted(value),
          row.source());
    }
  }

  /** A baseline group is a suggestion; a defined one binds, but may be added to if extensible. */
  private void checkGroup(Item item, Row row, Term value, List<String> words) {
    String cid = words.get(1);
    boolean defined = words.get(2).equals("defined");
    if (!defined || !ContextGroups.isKnown(cid) || ContextGroups.contains(cid, value)) {
      return;
    }
    String sentence = "is %s, which is not in CID %s".formatted(value, cid);
    if (ContextGroups.isExtensible(cid)) {
      problems.warning(item.place(), sentence + ", though that may be extended", row.source());
    } else {
      problems.error(item.place(), sentence, row.source());
    }
  }
}
