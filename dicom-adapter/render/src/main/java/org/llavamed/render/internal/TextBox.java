package org.llavamed.render.internal;

import java.util.ArrayList;
import java.util.List;
import org.llavamed.dicom.BitmapFont;
import org.llavamed.imaging.Attributes;

/**
 * A text of a presentation state and where it is written (PS3.3 C.10.5.1.1): from the upper left
 * corner of its bounding box, broken at the box's width and as large as the box allows; from its
 * anchor point, as it is, where it has no box. It is upright whatever the turn, on a ground that
 * leaves it legible on any picture.
 *
 * @param lines the text as stated
 * @param left of the box or the anchor, in pixels of the picture before it is enlarged
 * @param top in the same pixels
 * @param width of the box, 0 for an anchor
 * @param height of the box, 0 for an anchor
 */
record TextBox(List<String> lines, double left, double top, double width, double height) {
  private static final int BOUNDING_BOX_ANNOTATION_UNITS = 0x00700003;
  private static final int ANCHOR_POINT_ANNOTATION_UNITS = 0x00700004;
  private static final int UNFORMATTED_TEXT_VALUE = 0x00700006;
  private static final int BOUNDING_BOX_TOP_LEFT = 0x00700010;
  private static final int BOUNDING_BOX_BOTTOM_RIGHT = 0x00700011;
  private static final int ANCHOR_POINT = 0x00700014;

  private static final int WHITE = 255;
  private static final BitmapFont FONT = BitmapFont.load();

  /** Largest factor by which a picture is enlarged for its texts. */
  private static final int MOST_FACTOR = 16;

  /** Longest side to which it is enlarged. */
  private static final int LONGEST_SIDE = 4096;

  /**
   * Reads an item of Text Object Sequence (0070,0008).
   *
   * @throws org.llavamed.imaging.ImagingException if it says not where the text is
   */
  static TextBox of(PresentationState state, Placement placement, Attributes a) {
    String where = state.top().where();
    boolean boxed = a.numbers(BOUNDING_BOX_TOP_LEFT).size() >= 2;
    boolean display =
        Graphics.isDisplay(
            where, a, boxed ? BOUNDING_BOX_ANNOTATION_UNITS : ANCHOR_POINT_ANNOTATION_UNITS);
    List<Double> corner = a.numbers(boxed ? BOUNDING_BOX_TOP_LEFT : ANCHOR_POINT);
    if (corner.size() < 2) {
      throw LookupTable.damaged(
          where, "A text has neither a bounding box (0070,0010) nor an anchor point (0070,0014)");
    }
    List<Double> opposite = boxed ? a.numbers(BOUNDING_BOX_BOTTOM_RIGHT) : corner;
    double[] one = place(placement, corner, display);
    double[] other = opposite.size() < 2 ? one : place(placement, opposite, display);
    String text = String.join("\\", a.strings(UNFORMATTED_TEXT_VALUE));
    return new TextBox(
        List.of(text.split("\r\n|\r|\n", -1)),
        Math.min(one[0], other[0]),
        Math.min(one[1], other[1]),
        Math.min(Math.abs(one[0] - other[0]), placement.width()),
        Math.min(Math.abs(one[1] - other[1]), placement.height()));
  }

  private static double[] place(Placement placement, List<Double> point, boolean display) {
    double x = point.get(0);
    double y = point.get(1);
    return display
        ? new double[] {x * placement.width(), y * placement.height()}
        : placement.place(x, y);
  }

  private boolean boxed() {
    return width > 0 && height > 0;
  }

  /**
   * Returns the factor by which the picture must be enlarged so that the text fits into its box, or
   * the largest allowed one where it fits at none.
   *
   * @param least what another text needs
   */
  int factor(Placement placement, int least) {
    int longest = Math.max(placement.width(), placement.height());
    int most = Math.max(least, Math.min(MOST_FACTOR, LONGEST_SIDE / longest));
    int factor = least;
    while (boxed() && factor < most && !fits(factor, 1)) {
      factor++;
    }
    return factor;
  }

  /** Returns whether all lines, and no word broken, fit into the box at a size. */
  private boolean fits(int factor, int size) {
    double columns = width * factor / ((long) BitmapFont.WIDTH * size);
    long rows = (long) (height * factor / ((long) BitmapFont.HEIGHT * size));
    for (String line : lines) {
      for (String word : line.split(" ", -1)) {
        if (word.codePointCount(0, word.length()) > columns) {
          return false;
        }
      }
    }
    return columns >= 1 && broken(factor, size).size() <= rows;
  }

  private int columns(int factor, int size) {
    return Math.max(1, (int) (width * factor / ((long) BitmapFont.WIDTH * size)));
  }

  private List<String> broken(int factor, int size) {
    List<String> broken = new ArrayList<>();
    lines.forEach(line -> broken.addAll(BitmapFont.wrap(line, columns(factor, size))));
    return broken;
  }

  /**
   * Writes the text.
   *
   * @param factor how many times the picture was enlarged
   */
  void draw(Raster raster, int factor, int grey) {
    int size = 1;
    while (boxed() && fits(factor, size + 1)) {
      size++;
    }
    List<String> shown = boxed() ? broken(factor, size) : lines;
    int high = size * BitmapFont.HEIGHT;
    int x = (int) (left * factor);
    int y = (int) (top * factor);
    for (int i = 0; i < shown.size() && y + i * high < raster.height(); i++) {
      line(raster, new Line(shown.get(i), x, y + i * high, size, grey));
    }
  }

  private record Line(String text, int left, int top, int size, int grey) {
    int ground() {
      return grey > WHITE / 2 ? 0 : WHITE;
    }
  }

  private static void line(Raster raster, Line line) {
    int size = line.size();
    int x = line.left();
    for (int character : BitmapFont.characters(line.text())) {
      if (x >= raster.width()) {
        return;
      }
      raster.count((long) BitmapFont.WIDTH * BitmapFont.HEIGHT * size * size);
      for (int dy = 0; dy < BitmapFont.HEIGHT * size; dy++) {
        for (int dx = 0; dx < BitmapFont.WIDTH * size; dx++) {
          boolean set = FONT.isSet(character, dx / size, dy / size);
          raster.set(x + dx, line.top() + dy, set ? line.grey() : line.ground());
        }
      }
      x += BitmapFont.WIDTH * size;
    }
  }
}
