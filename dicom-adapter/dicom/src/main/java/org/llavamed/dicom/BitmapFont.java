package org.llavamed.dicom;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A font of fixed width as data of our own, so that pictures have the same bytes on every machine
 * and need neither a graphics system nor installed fonts. Immutable.
 */
public final class BitmapFont {
  /** Width of a character, in pixels. */
  public static final int WIDTH = 10;

  /** Height of a character, in pixels. */
  public static final int HEIGHT = 20;

  private static final String RESOURCE = "font-10x20.txt";
  private static final int REPLACEMENT = 0xFFFD;
  private static final int ROW_DIGITS = 3;
  private static final int LEFTMOST = 1 << (4 * ROW_DIGITS - 1);

  private final Map<Integer, String> glyphs;

  private BitmapFont(Map<Integer, String> glyphs) {
    this.glyphs = glyphs;
  }

  /** Reads the font. */
  public static BitmapFont load() {
    Map<Integer, String> glyphs = new HashMap<>();
    try (InputStream stream = BitmapFont.class.getResourceAsStream(RESOURCE)) {
      if (stream == null) {
        throw new IllegalStateException(RESOURCE + " is missing in the bundle; build it again");
      }
      new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII))
          .lines()
          .map(line -> line.split(" ", 2))
          .forEach(parts -> glyphs.put(Integer.parseInt(parts[0], 16), parts[1]));
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE + " cannot be read", e);
    }
    return new BitmapFont(glyphs);
  }

  /** Returns the characters of a line as the font has them: composed, one number each. */
  public static int[] characters(String line) {
    return Normalizer.normalize(line, Normalizer.Form.NFC).codePoints().toArray();
  }

  /**
   * Breaks a line at blanks, and words that are longer than a line where they must be.
   *
   * @param columns most characters of a line, at least 1
   */
  public static List<String> wrap(String line, int columns) {
    List<String> lines = new ArrayList<>();
    int[] text = characters(line);
    int from = 0;
    while (text.length - from > columns) {
      int blank = from + columns;
      while (blank > from && text[blank] != ' ') {
        blank--;
      }
      int to = blank > from ? blank : from + columns;
      lines.add(new String(text, from, to - from));
      from = blank > from ? to + 1 : to;
    }
    lines.add(new String(text, from, text.length - from));
    return lines;
  }

  /**
   * Returns whether the font can show a character; others are shown as a question mark in a box.
   */
  public boolean has(int character) {
    return glyphs.containsKey(character);
  }

  /**
   * Returns whether a pixel of a character is set; {@code x} from the left, {@code y} from the top.
   */
  public boolean isSet(int character, int x, int y) {
    String rows = glyphs.getOrDefault(character, glyphs.getOrDefault(REPLACEMENT, ""));
    int row = Integer.parseInt(rows, y * ROW_DIGITS, (y + 1) * ROW_DIGITS, 16);
    return (row & LEFTMOST >> x) != 0;
  }
}
