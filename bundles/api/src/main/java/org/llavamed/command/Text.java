package org.llavamed.command;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Prepares text from files and models for a terminal. */
public final class Text {
  private Text() {}

  /**
   * Returns the text on one line: blanks of any kind become one blank, and characters that would
   * steer a terminal become {@code ?}.
   */
  public static String line(String text) {
    return printable(text.strip().replaceAll("\\s+", " "));
  }

  /** Returns the text with its line breaks; other control characters become {@code ?}. */
  public static String printable(String text) {
    return text.codePoints()
        .map(c -> c != '\n' && isControl(c) ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** Returns a message without the file's name that it begins with. */
  public static String without(String file, String message) {
    String begin = file + ": ";
    return message.startsWith(begin) ? message.substring(begin.length()) : message;
  }

  /** Breaks a line at blanks, or within a word that is too long, to at most {@code width}. */
  public static List<String> wrap(String line, int width) {
    var lines = new ArrayList<String>();
    String rest = line;
    while (rest.codePointCount(0, rest.length()) > width) {
      int end = rest.offsetByCodePoints(0, width);
      int blank = rest.lastIndexOf(' ', end);
      int cut = blank > 0 ? blank : end;
      lines.add(rest.substring(0, cut));
      rest = rest.substring(cut).stripLeading();
    }
    lines.add(rest);
    return lines;
  }

  /** Returns a number and what is counted. */
  public static String count(int number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }

  /** Joins at most {@code most} names and says how many more there are. */
  public static String some(List<String> names, int most) {
    String shown = names.stream().limit(most).map(Text::line).collect(Collectors.joining(", "));
    return names.size() > most ? "%s and %d more".formatted(shown, names.size() - most) : shown;
  }

  private static boolean isControl(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE;
  }
}
