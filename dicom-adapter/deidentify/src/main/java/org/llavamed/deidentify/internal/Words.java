package org.llavamed.deidentify.internal;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llavamed.dicom.Vr;

/**
 * Cleans text by what is known to name nobody: only words of vocabulary.txt and numbers with a unit
 * are kept, and none of those that occur in what identifies somebody. {@value #MARK} stands for
 * each run of words that were dropped.
 */
final class Words {
  /** What stands for words that were dropped. */
  static final String MARK = "[...]";

  private static final Set<String> VOCABULARY = Set.copyOf(Resources.lines("vocabulary.txt"));
  private static final String DIGITS = "[0-9]{1,3}(?:[.,][0-9]{1,3})?";

  /** A number with its unit, a number or date of any form, a word. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<measure>(?<amount>"
              + DIGITS
              + ")(?: ?(?:mm|cm|ml|ms|sec|kv|min|hz|t)|[dsx]))(?![\\p{L}\\p{M}\\p{N}])"
              + "|(?<number>\\p{N}+(?:[-.,:/+]+\\p{N}+)*)[\\p{L}\\p{M}\\p{N}]*"
              + "|[\\p{L}\\p{M}\\p{N}]+",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern SENTENCE_END = Pattern.compile("[)\\]\"']*([.!?;])(\\s|$)");

  private static final List<DateTimeFormatter> DATES =
      List.of(
          DateTimeFormatter.ofPattern("uuuuMMdd", Locale.ROOT),
          DateTimeFormatter.ofPattern("ddMMuuuu", Locale.ROOT),
          DateTimeFormatter.ofPattern("MMdduuuu", Locale.ROOT),
          DateTimeFormatter.ofPattern("dMuuuu", Locale.ROOT),
          DateTimeFormatter.ofPattern("Mduuuu", Locale.ROOT),
          DateTimeFormatter.ofPattern("uuMMdd", Locale.ROOT),
          DateTimeFormatter.ofPattern("ddMMuu", Locale.ROOT),
          DateTimeFormatter.ofPattern("MMdduu", Locale.ROOT));

  private final Names names = new Names();

  /** Parts of dates that could be taken for measures. */
  private final Set<String> parts = new HashSet<>();

  /** Adds text that identifies the patient. */
  void forbid(String text) {
    forbid(text, true);
  }

  /**
   * Adds text that identifies somebody.
   *
   * @param own whether it is the patient's own name
   */
  void forbid(String text, boolean own) {
    names.add(text, own);
  }

  /** Adds a date of the object: its parts are no measures. */
  void forbidDate(LocalDate date) {
    for (String form : List.of("dd.MM", "MM.dd", "MM.uu", "d.M", "M.d")) {
      parts.add(date.format(DateTimeFormatter.ofPattern(form, Locale.ROOT)));
    }
  }

  /** Adds the date of birth, which tells in any form. */
  void forbidBirth(LocalDate date) {
    forbidDate(date);
    parts.add(date.format(DateTimeFormatter.ofPattern("uu", Locale.ROOT)));
    DATES.forEach(form -> names.addWhole(date.format(form)));
  }

  /** Returns whether text names somebody. */
  boolean names(String text) {
    return names.occurIn(text);
  }

  /** Returns whether text as a whole is a number that identifies. */
  boolean isNumber(String text) {
    return names.isNumber(text);
  }

  /** Returns what may stay, one blank between words; empty where nothing may. */
  String clean(String text) {
    List<String> pieces = new ArrayList<>();
    boolean afterNumber = false;
    boolean any = false;
    Matcher token = TOKEN.matcher(text);
    while (token.find()) {
      boolean kept = isHarmless(token, afterNumber);
      afterNumber = token.group("number") != null;
      any |= kept;
      if (kept) {
        pieces.add(token.group());
      } else if (pieces.isEmpty() || !pieces.get(pieces.size() - 1).startsWith(MARK)) {
        pieces.add(MARK);
      }
      endSentence(pieces, text, token.end());
    }
    String clean = String.join(" ", pieces);
    return any && !names(clean) ? clean : "";
  }

  private boolean isHarmless(Matcher token, boolean afterNumber) {
    if (token.group("measure") != null) {
      String amount = token.group("amount").replace(',', '.');
      return !afterNumber && !parts.contains(amount) && !names.hasWord(amount);
    }
    return token.group("number") == null
        && VOCABULARY.contains(token.group().toLowerCase(Locale.ROOT))
        && !names.hasWord(token.group());
  }

  private static void endSentence(List<String> pieces, String text, int end) {
    Matcher stop = SENTENCE_END.matcher(text).region(end, text.length());
    int last = pieces.size() - 1;
    String piece = pieces.get(last);
    if (stop.lookingAt() && !piece.endsWith(stop.group(1))) {
      pieces.set(last, piece + stop.group(1));
    }
  }

  /** Returns what may stay, cut between words to what a value representation allows. */
  String clean(String text, Vr vr) {
    String clean = clean(text);
    if (vr.limit() == 0 || clean.length() <= vr.limit()) {
      return clean;
    }
    int blank = clean.lastIndexOf(' ', vr.limit());
    return clean.substring(0, blank < 0 ? vr.limit() : blank);
  }
}
