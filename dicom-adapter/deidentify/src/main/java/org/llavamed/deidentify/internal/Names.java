package org.llavamed.deidentify.internal;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What identifies the patient, and others who are named: words, and whole names and numbers without
 * what separates their parts. Accents, case and width make no difference.
 */
final class Names {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");
  private static final Pattern LETTERS = Pattern.compile("\\p{L}+");
  private static final Pattern ACCENTS = Pattern.compile("\\p{Mn}+");
  private static final Pattern SEPARATORS = Pattern.compile("[^\\p{L}\\p{N}]+");

  /** Scripts without blanks between words: a word of them is looked for anywhere. */
  private static final Set<UnicodeScript> DENSE =
      EnumSet.of(
          UnicodeScript.HAN,
          UnicodeScript.HIRAGANA,
          UnicodeScript.KATAKANA,
          UnicodeScript.HANGUL,
          UnicodeScript.THAI);

  /** Titles, particles and what stands where no name is: they tell nobody. */
  private static final Set<String> COMMON =
      Set.of(
          ("mr mrs ms dr prof med md phd jr sr ii iii de la del der den di da do dos du el al le van von"
                  + " bin ben yes no none name unknown other anonymous anonymized")
              .split(" ", -1));

  /** Shorter words are parts of too many others; those of the patient's own name count all. */
  private static final int SHORTEST_WORD = 4;

  private static final int SHORTEST_WHOLE = 5;
  private static final int SHORTEST_NUMBER = 6;

  private final Set<String> words = new HashSet<>();
  private final Set<String> telling = new HashSet<>();
  private final Set<String> dense = new HashSet<>();
  private final Set<String> wholes = new HashSet<>();

  /**
   * Adds a name (PS3.5 section 6.2.1) or a number.
   *
   * @param own whether the patient's own, of which words of two or three letters count too
   */
  void add(String text, boolean own) {
    for (String group : fold(text).split("=", -1)) {
      Matcher word = WORD.matcher(group);
      while (word.find()) {
        addWord(word.group(), own);
      }
      String[] parts = group.split("\\^", -1);
      addWhole(joined(group));
      if (parts.length > 1) {
        addWhole(joined(parts[0] + parts[1]));
        addWhole(joined(parts[1] + parts[0]));
      }
    }
  }

  private void addWord(String word, boolean own) {
    if (isDense(word)) {
      dense.add(word);
    } else if (word.length() > 1 && !COMMON.contains(word)) {
      words.add(word);
      if (word.length() >= SHORTEST_WORD || (own && LETTERS.matcher(word).matches())) {
        telling.add(word);
      }
    }
  }

  /** Adds text that tells wherever it occurs between separators. */
  void addWhole(String joined) {
    boolean various = joined.chars().distinct().count() > 1;
    if (joined.length() >= SHORTEST_WHOLE && various && !COMMON.contains(joined)) {
      wholes.add(joined);
    }
  }

  private static boolean isDense(String word) {
    return word.codePoints().anyMatch(c -> DENSE.contains(UnicodeScript.of(c)));
  }

  private static String joined(String folded) {
    return SEPARATORS.matcher(folded).replaceAll("");
  }

  private static String fold(String text) {
    String plain =
        ACCENTS
            .matcher(Normalizer.normalize(text, Normalizer.Form.NFKD))
            .replaceAll("")
            .toLowerCase(Locale.ROOT);
    return Normalizer.normalize(plain, Normalizer.Form.NFC);
  }

  /** Returns whether a single word is one of them, however short. */
  boolean hasWord(String word) {
    String folded = fold(word);
    return words.contains(folded) || dense.stream().anyMatch(folded::contains);
  }

  /** Returns whether text as a whole is a number that identifies. */
  boolean isNumber(String text) {
    String number = text.strip();
    return number.length() >= SHORTEST_NUMBER && wholes.contains(number);
  }

  /** Returns whether text names somebody. */
  boolean occurIn(String text) {
    String folded = fold(text);
    return anyTelling(WORD, folded)
        || anyTelling(LETTERS, folded)
        || Stream.concat(dense.stream(), wholes.stream()).anyMatch(joined(folded)::contains);
  }

  private boolean anyTelling(Pattern pattern, String folded) {
    Matcher word = pattern.matcher(folded);
    while (word.find()) {
      if (telling.contains(word.group())) {
        return true;
      }
    }
    return false;
  }
}
