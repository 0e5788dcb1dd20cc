package org.llavamed.model.internal;

import java.util.List;

/**
 * Ends a text that grows piece by piece where a stop text is written, whatever the pieces. Of
 * several, the one that ends first counts, and of those the longest. Held back is what may still
 * become a stop text, with the blanks before it. Not safe for use by several threads.
 */
final class StopTexts {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private final StringBuilder given = new StringBuilder();
  private boolean found;

  /** Takes the texts that end an answer; none is empty. */
  StopTexts(List<String> stops) {
    this.stops = List.copyOf(stops);
  }

  /** Takes the next piece and returns the text that is now certain; empty where there is none. */
  String append(String piece) {
    if (found) {
      return "";
    }
    int end = held.length();
    held.append(piece);
    while (end < held.length()) {
      end++;
      int length = stopBefore(end);
      if (length > 0) {
        found = true;
        return give(withoutBlanks(end - length));
      }
    }
    return give(stops.isEmpty() ? held.length() : withoutBlanks(beginning()));
  }

  /** Returns what was held back: the text is complete. */
  String finish() {
    return found ? "" : give(held.length());
  }

  /** Returns whether a stop text was written: nothing is given any more. */
  boolean found() {
    return found;
  }

  /** Returns all that was given. */
  String text() {
    return given.toString();
  }

  /** Returns the length of the longest stop text that ends at a position; 0 where there is none. */
  private int stopBefore(int end) {
    int longest = 0;
    for (String stop : stops) {
      int begin = end - stop.length();
      if (begin >= 0 && held.indexOf(stop, begin) == begin) {
        longest = Math.max(longest, stop.length());
      }
    }
    return longest;
  }

  /** Returns where the longest end of the text begins that may become a stop text. */
  private int beginning() {
    for (int begin = 0; begin < held.length(); begin++) {
      String end = held.substring(begin);
      if (stops.stream().anyMatch(stop -> stop.startsWith(end))) {
        return begin;
      }
    }
    return held.length();
  }

  private int withoutBlanks(int length) {
    int end = length;
    while (end > 0 && Character.isWhitespace(held.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  private String give(int length) {
    String piece = held.substring(0, length);
    held.delete(0, length);
    given.append(piece);
    return piece;
  }
}
