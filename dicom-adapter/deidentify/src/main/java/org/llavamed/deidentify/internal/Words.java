package org.llavamed.deidentify.internal;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cleans text by what is known to name nobody: only words of vocabulary.txt and short numbers, with
 * or without a unit, are kept, and none of those that occur in what identifies the patient.
 */
final class Words {
  private static final Set<String> VOCABULARY = Set.copyOf(Resources.lines("vocabulary.txt"));
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");
  private static final Pattern MEASURE =
      Pattern.compile("[0-9]{1,2}(d|mm|cm|ms|sec|s|kv|t|min|hz|x)?|[0-9]{3}(mm|ms|kv|hz)");

  /** Shorter words are parts of too many others to tell a name by. */
  private static final int SHORTEST_NAME = 4;

  private final Set<String> forbidden = new HashSet<>();

  /** Adds text that identifies the patient. */
  void forbid(String text) {
    Matcher word = WORD.matcher(text.toLowerCase(Locale.ROOT));
    while (word.find()) {
      if (word.group().length() > 1) {
        forbidden.add(word.group());
      }
    }
  }

  /** Returns whether text holds a word of at least {@value #SHORTEST_NAME} letters of them. */
  boolean names(String text) {
    Matcher word = WORD.matcher(text.toLowerCase(Locale.ROOT));
    while (word.find()) {
      if (word.group().length() >= SHORTEST_NAME && forbidden.contains(word.group())) {
        return true;
      }
    }
    return false;
  }

  /** Returns the words that may stay, one blank between them; empty where none may. */
  String clean(String text) {
    StringBuilder clean = new StringBuilder();
    Matcher word = WORD.matcher(text);
    while (word.find()) {
      String known = word.group().toLowerCase(Locale.ROOT);
      boolean harmless = VOCABULARY.contains(known) || MEASURE.matcher(known).matches();
      if (harmless && !forbidden.contains(known)) {
        clean.append(clean.isEmpty() ? "" : " ").append(word.group());
      }
    }
    return clean.toString();
  }
}
