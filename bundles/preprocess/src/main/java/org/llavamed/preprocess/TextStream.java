package org.llavamed.preprocess;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Decodes one text that grows token by token and hands out only what no later token can change. The
 * pieces together are the decoded text without leading and trailing blanks: a character whose bytes
 * are spread over several tokens is held back until it is whole, a blank until something follows
 * it. Not safe for use by several threads.
 */
public final class TextStream {
  private static final char UNFINISHED = '\uFFFD';

  private final Function<List<Integer>, String> decoder;
  private final List<Integer> ids = new ArrayList<>();
  private int given;

  TextStream(Function<List<Integer>, String> decoder) {
    this.decoder = decoder;
  }

  /** Takes the next token and returns the text that is now certain; empty where there is none. */
  public String append(int id) {
    ids.add(id);
    String text = decoder.apply(ids).stripLeading();
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == UNFINISHED) {
      end--;
    }
    return give(text, end);
  }

  /** Returns what was held back: the text is complete. */
  public String finish() {
    String text = text();
    return give(text, text.length());
  }

  /** Returns the whole text so far, without leading and trailing blanks. */
  public String text() {
    return decoder.apply(ids).strip();
  }

  /** Returns the tokens so far. */
  public List<Integer> ids() {
    return List.copyOf(ids);
  }

  private String give(String text, int certain) {
    int end = certain;
    while (end > 0 && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    if (end <= given) {
      return "";
    }
    String piece = text.substring(given, end);
    given = end;
    return piece;
  }
}
