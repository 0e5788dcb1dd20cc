package org.llavamed.result.internal;

import java.io.IOException;
import java.io.InputStream;
import java.text.Bidi;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;

/**
 * The font of a PDF document, Liberation Sans as PDFBox ships it: Latin, Greek, Cyrillic and Hebrew
 * letters. The glyphs that are used are embedded. Any other character is shown as {@link
 * #REPLACEMENT}.
 */
final class PdfFont {
  /** What stands for a character that the font lacks: a white square. */
  static final int REPLACEMENT = 0x25A1;

  private static final String RESOURCE =
      "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";
  private static final float UNITS = 1000;

  /** A letter with the marks on it. */
  private static final Pattern LETTER = Pattern.compile("\\X");

  /** Pairs that change places in a text from right to left. */
  private static final String MIRRORS = "()[]{}<>\u00AB\u00BB\u2039\u203A";

  private final PDFont font;
  private final CmapLookup glyphs;

  /** Loads the font into a document, which closes it. */
  PdfFont(PDDocument document) throws IOException {
    try (InputStream stream = PDDocument.class.getResourceAsStream(RESOURCE)) {
      if (stream == null) {
        throw new IllegalStateException(RESOURCE + " is missing in PDFBox; take version 3.0.5");
      }
      TrueTypeFont file = new TTFParser().parse(new RandomAccessReadBuffer(stream));
      document.registerTrueTypeFontForClosing(file);
      this.font = PDType0Font.load(document, file, true);
      this.glyphs = file.getUnicodeCmapLookup();
    }
  }

  PDFont font() {
    return font;
  }

  /** Returns the text as the font can show it, on one line. */
  String shown(String text) {
    StringBuilder shown = new StringBuilder();
    Normalizer.normalize(Words.line(text), Normalizer.Form.NFC)
        .codePoints()
        .map(c -> glyphs.getGlyphId(c) == 0 ? REPLACEMENT : c)
        .forEach(shown::appendCodePoint);
    return shown.toString();
  }

  /** Returns the width of a text that can be shown, in points. */
  float width(String shown, float size) throws IOException {
    return font.getStringWidth(shown) / UNITS * size;
  }

  /**
   * Returns the characters of one line from left to right, as they are drawn: words that run from
   * right to left are turned, and brackets in them mirrored.
   */
  static String visual(String line) {
    char[] characters = line.toCharArray();
    if (!Bidi.requiresBidi(characters, 0, characters.length)) {
      return line;
    }
    Bidi bidi = new Bidi(line, Bidi.DIRECTION_DEFAULT_LEFT_TO_RIGHT);
    int count = bidi.getRunCount();
    byte[] levels = new byte[count];
    Integer[] runs = new Integer[count];
    for (int i = 0; i < count; i++) {
      levels[i] = (byte) bidi.getRunLevel(i);
      runs[i] = i;
    }
    Bidi.reorderVisually(levels, 0, runs, 0, count);
    StringBuilder visual = new StringBuilder();
    for (int i : runs) {
      String run = line.substring(bidi.getRunStart(i), bidi.getRunLimit(i));
      visual.append(bidi.getRunLevel(i) % 2 == 0 ? run : turned(run));
    }
    return visual.toString();
  }

  /** Turns a run; what stands on a letter stays with it. */
  private static String turned(String run) {
    StringBuilder turned = new StringBuilder();
    for (MatchResult shown : LETTER.matcher(run).results().toList()) {
      int mirror = MIRRORS.indexOf(shown.group());
      turned.insert(0, mirror < 0 ? shown.group() : MIRRORS.charAt(mirror ^ 1));
    }
    return turned.toString();
  }

  /** Breaks a text at blanks, and words that are longer than a line where they must be. */
  List<String> wrap(String text, float size, float most) throws IOException {
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String word : shown(text).split(" ", -1)) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (width(longer, size) <= most) {
        line = longer;
      } else {
        if (!line.isEmpty()) {
          lines.add(line);
        }
        line = breakWord(word, size, most, lines);
      }
    }
    lines.add(line);
    return lines;
  }

  /** Adds the whole lines of a word and returns its rest. */
  private String breakWord(String word, float size, float most, List<String> lines)
      throws IOException {
    StringBuilder line = new StringBuilder();
    float width = 0;
    for (int character : word.codePoints().toArray()) {
      String next = Character.toString(character);
      float more = width(next, size);
      if (width + more > most && !line.isEmpty()) {
        lines.add(line.toString());
        line.setLength(0);
        width = 0;
      }
      line.append(next);
      width += more;
    }
    return line.toString();
  }
}
