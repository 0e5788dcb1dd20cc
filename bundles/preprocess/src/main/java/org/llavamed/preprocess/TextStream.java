package org.llavamed.preprocess;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Decodes one text that grows token by token and hands out only what no later token can change. The
 * pieces together are the decoded text without leading and trailing blanks: a character whose bytes
 * are spread over several tokens is held back until it is whole, a blank until something follows
 * it. Of a SentencePiece text, single bytes are held back until another token follows them, as one
 * wrong byte changes what all of them become. Not safe for use by several threads.
 *
 * <p>Only the tokens since the last place that is certain are decoded anew, where the bytes of the
 * tokens are known.
 */
public final class TextStream {
  private static final char UNFINISHED = '\uFFFD';
  private static final int WINDOW = 0xFFFFFF;

  private final Function<List<Integer>, String> decoder;
  private final Optional<Vocabulary> vocabulary;
  private final List<Integer> ids = new ArrayList<>();

  /** What is certain, without leading blanks. */
  private final StringBuilder certain = new StringBuilder();

  /** A token whose text is certain, where there is one, then those that are not. */
  private final List<Integer> tail = new ArrayList<>();

  /** Length of the text that the tail's certain token becomes alone. */
  private int known;

  /** The last three bytes, for byte-level tokens. */
  private int recent;

  private boolean inBytes;
  private int given;

  TextStream(Function<List<Integer>, String> decoder, Optional<Vocabulary> vocabulary) {
    this.decoder = decoder;
    this.vocabulary = vocabulary;
  }

  /** Takes the next token and returns the text that is now certain; empty where there is none. */
  public String append(int id) {
    ids.add(id);
    tail.add(id);
    if (vocabulary.isEmpty()) {
      String text = text();
      int end = text.length();
      while (end > 0 && text.charAt(end - 1) == UNFINISHED) {
        end--;
      }
      return give(text, end);
    }
    if (unfinished(vocabulary.get(), id)) {
      return "";
    }
    settle(vocabulary.get());
    return give(certain, certain.length());
  }

  /** Returns what was held back: the text is complete. */
  public String finish() {
    String text = text();
    return give(text, text.length());
  }

  /** Returns the whole text so far, without leading and trailing blanks. */
  public String text() {
    return (certain + decodedTail()).strip();
  }

  /** Returns the tokens so far. */
  public List<Integer> ids() {
    return List.copyOf(ids);
  }

  /** Returns whether a token ends where a later one can change what it becomes. */
  private boolean unfinished(Vocabulary tokens, int id) {
    if (tokens.skipped(id)) {
      return inBytes;
    }
    if (tokens.byteLevel()) {
      for (byte b : tokens.bytes(id)) {
        recent = ((recent << 8) | (b & 0xFF)) & WINDOW;
      }
      inBytes = insideCharacter(recent);
    } else {
      inBytes = tokens.fallback(id);
    }
    return inBytes;
  }

  /** Returns whether UTF-8 that ends with these three bytes lacks bytes of its last character. */
  private static boolean insideCharacter(int lastBytes) {
    for (int count = 1; count <= 3; count++) {
      int b = (lastBytes >> (8 * (count - 1))) & 0xFF;
      if (b < 0x80) {
        return false;
      }
      if (b >= 0xC0) {
        return count < (b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2);
      }
    }
    return false;
  }

  /** The tail's text is certain: goes on behind it. */
  private void settle(Vocabulary tokens) {
    String text = decodedTail();
    certain.append(certain.isEmpty() ? text.stripLeading() : text);
    for (int i = tail.size() - 1; i >= 0 && !tokens.byteLevel(); i--) {
      int id = tail.get(i);
      if (!tokens.skipped(id)) {
        tail.clear();
        tail.add(id);
        known = decoder.apply(tail).length();
        return;
      }
    }
    tail.clear();
    known = 0;
  }

  /** A text's first token may lose its blank, so the others are decoded behind one that is not. */
  private String decodedTail() {
    return decoder.apply(tail).substring(known);
  }

  private String give(CharSequence text, int length) {
    int end = length;
    while (end > 0 && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    if (end <= given) {
      return "";
    }
    String piece = text.subSequence(given, end).toString();
    given = end;
    return piece;
  }
}
