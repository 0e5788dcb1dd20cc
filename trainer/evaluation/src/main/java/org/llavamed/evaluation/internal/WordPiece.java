package org.llavamed.evaluation.internal;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The tokens of an uncased BERT: accents and letter case are dropped, punctuation marks stand
 * alone, and words are split into the longest known pieces from the left.
 */
final class WordPiece {
  private static final int LONGEST_WORD = 100;
  private static final String REST = "##";
  private static final int REPLACEMENT = 0xFFFD;

  private final Map<String, Integer> vocabulary;

  /** Takes the pieces with their ids; those within a word begin with {@value #REST}. */
  WordPiece(Map<String, Integer> vocabulary) {
    this.vocabulary = Map.copyOf(vocabulary);
  }

  /**
   * Returns the token ids of a text, between start and end token.
   *
   * @param most most ids; tokens behind them are left out, the end token is not
   */
  List<Integer> ids(String text, int most) {
    List<Integer> ids = new ArrayList<>();
    ids.add(id("[CLS]"));
    for (String word : words(normal(text))) {
      ids.addAll(pieces(word));
    }
    List<Integer> kept = new ArrayList<>(ids.subList(0, Math.min(ids.size(), most - 1)));
    kept.add(id("[SEP]"));
    return kept;
  }

  private int id(String token) {
    return vocabulary.getOrDefault(token, 0);
  }

  private static String normal(String text) {
    var clean = new StringBuilder();
    text.codePoints()
        .filter(c -> isBlank(c) || !isControl(c))
        .forEach(
            c -> {
              String one = isBlank(c) ? " " : Character.toString(c);
              clean.append(isIdeograph(c) ? " " + one + " " : one);
            });
    return Normalizer.normalize(clean, Normalizer.Form.NFD)
        .replaceAll("\\p{Mn}", "")
        .toLowerCase(Locale.ROOT);
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    var word = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (isBlank(c) || isPunctuation(c)) {
                end(word, words);
              }
              if (isPunctuation(c)) {
                words.add(Character.toString(c));
              } else if (!isBlank(c)) {
                word.appendCodePoint(c);
              }
            });
    end(word, words);
    return words;
  }

  private static void end(StringBuilder word, List<String> words) {
    if (word.length() > 0) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  private List<Integer> pieces(String word) {
    List<Integer> unknown = List.of(id("[UNK]"));
    if (word.codePointCount(0, word.length()) > LONGEST_WORD) {
      return unknown;
    }
    List<Integer> pieces = new ArrayList<>();
    int begin = 0;
    while (begin < word.length()) {
      int end = word.length();
      while (end > begin && !vocabulary.containsKey(piece(word, begin, end))) {
        end = word.offsetByCodePoints(end, -1);
      }
      if (end <= begin) {
        return unknown;
      }
      pieces.add(id(piece(word, begin, end)));
      begin = end;
    }
    return pieces;
  }

  private static String piece(String word, int begin, int end) {
    return (begin == 0 ? "" : REST) + word.substring(begin, end);
  }

  private static boolean isBlank(int c) {
    return c == '\t' || c == '\n' || c == '\r' || Character.isSpaceChar(c);
  }

  private static boolean isControl(int c) {
    int type = Character.getType(c);
    return c == REPLACEMENT
        || type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.PRIVATE_USE;
  }

  private static boolean isPunctuation(int c) {
    boolean ascii = c > ' ' && c < 0x7F && !Character.isLetterOrDigit(c);
    return ascii
        || switch (Character.getType(c)) {
          case Character.CONNECTOR_PUNCTUATION,
              Character.DASH_PUNCTUATION,
              Character.START_PUNCTUATION,
              Character.END_PUNCTUATION,
              Character.INITIAL_QUOTE_PUNCTUATION,
              Character.FINAL_QUOTE_PUNCTUATION,
              Character.OTHER_PUNCTUATION ->
              true;
          default -> false;
        };
  }

  private static boolean isIdeograph(int c) {
    return isWithin(c, 0x4E00, 0x9FFF)
        || isWithin(c, 0x3400, 0x4DBF)
        || isWithin(c, 0x20000, 0x2CEAF)
        || isWithin(c, 0xF900, 0xFAFF)
        || isWithin(c, 0x2F800, 0x2FA1F);
  }

  private static boolean isWithin(int c, int first, int last) {
    return c >= first && c <= last;
  }
}
