import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * Makes {@code font-10x20.txt} from the X Window System's bitmap font 10x20 ("Public domain font.
 * Share and enjoy."), Debian package xfonts-base, file /usr/share/fonts/X11/misc/10x20.pcf.gz:
 *
 * <pre>java FontGenerator.java 10x20.pcf.gz font-10x20.txt</pre>
 *
 * <p>One line a character: its number, a blank, 20 rows of 10 pixels as three hexadecimal digits
 * each, the leftmost pixel in the highest of the 12 bits.
 */
final class FontGenerator {
  private static final int METRICS = 4;
  private static final int BITMAPS = 8;
  private static final int ENCODINGS = 32;
  private static final int WIDTH = 10;
  private static final int HEIGHT = 20;

  /** First and last character of each range that is taken. */
  private static final int[][] RANGES = {
    {0x20, 0x7E}, {0xA0, 0x17F}, {0x370, 0x3FF}, {0x400, 0x45F}, {0x490, 0x491},
    {0x2010, 0x2026}, {0x2030, 0x2033}, {0x20AC, 0x20AC}, {0x2122, 0x2122}, {0x2190, 0x2195},
    {0x2200, 0x221E}, {0x2248, 0x2265}, {0xFFFD, 0xFFFD}
  };

  private FontGenerator() {}

  public static void main(String[] arguments) throws IOException {
    ByteBuffer font;
    try (var in = new GZIPInputStream(Files.newInputStream(Path.of(arguments[0])))) {
      font = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
    }
    StringBuilder text = new StringBuilder();
    for (int[] range : RANGES) {
      for (int character = range[0]; character <= range[1]; character++) {
        int glyph = glyph(font, character);
        if (glyph != 0xFFFF) {
          text.append("%04X %s%n".formatted(character, rows(font, glyph)));
        }
      }
    }
    Files.writeString(Path.of(arguments[1]), text);
  }

  private static int table(ByteBuffer font, int type) {
    for (int i = 0; i < font.getInt(4); i++) {
      if (font.getInt(8 + 16 * i) == type) {
        return font.getInt(8 + 16 * i + 12);
      }
    }
    throw new IllegalArgumentException("The font has no table " + type);
  }

  /** Returns the number of the glyph of a character; FFFF where there is none. */
  private static int glyph(ByteBuffer font, int character) {
    int at = table(font, ENCODINGS);
    font.order(ByteOrder.BIG_ENDIAN);
    int firstLow = font.getShort(at + 4);
    int lastLow = font.getShort(at + 6);
    int firstHigh = font.getShort(at + 8);
    int lastHigh = font.getShort(at + 10);
    int high = character >> 8;
    int low = character & 0xFF;
    int found = 0xFFFF;
    if (high >= firstHigh && high <= lastHigh && low >= firstLow && low <= lastLow) {
      int index = (high - firstHigh) * (lastLow - firstLow + 1) + low - firstLow;
      found = font.getShort(at + 14 + 2 * index) & 0xFFFF;
    }
    font.order(ByteOrder.LITTLE_ENDIAN);
    return found;
  }

  private static String rows(ByteBuffer font, int glyph) {
    int metrics = table(font, METRICS) + 6 + 5 * glyph;
    int left = (font.get(metrics) & 0xFF) - 0x80;
    int ascent = (font.get(metrics + 3) & 0xFF) - 0x80;
    int descent = (font.get(metrics + 4) & 0xFF) - 0x80;
    int bitmaps = table(font, BITMAPS);
    font.order(ByteOrder.BIG_ENDIAN);
    int glyphs = font.getInt(bitmaps + 4);
    int data = bitmaps + 8 + 4 * glyphs + 16 + font.getInt(bitmaps + 8 + 4 * glyph);
    StringBuilder text = new StringBuilder();
    int baseline = 16;
    for (int y = 0; y < HEIGHT; y++) {
      int row = y - (baseline - ascent);
      long bits = row >= 0 && row < ascent + descent ? font.getInt(data + 4 * row) & 0xFFFFFFFFL : 0;
      int pixels = (int) (bits >>> (32 - WIDTH)) >> left;
      text.append("%03X".formatted(pixels << (12 - WIDTH)));
    }
    font.order(ByteOrder.LITTLE_ENDIAN);
    return text.toString();
  }
}
