package org.llavamed.render.internal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.Picture;

/**
 * Where the stored pixels come to lie in the picture (PS3.3 C.10.4, C.10.6): the displayed area is
 * cut out, brought to square pixels by enlarging the shorter direction, turned, and flipped.
 *
 * @param left first stored column of the displayed area, from 0; may lie outside
 * @param top first stored row
 * @param columns stored columns of the area
 * @param rows stored rows of the area
 * @param wide columns after pixels are square, before the turn
 * @param high rows after pixels are square
 * @param turns quarter turns, clockwise, 0 to 3
 * @param flipped whether left and right change places after the turn
 */
record Placement(
    int left, int top, int columns, int rows, int wide, int high, int turns, boolean flipped) {
  private static final int IMAGE_HORIZONTAL_FLIP = 0x00700041;
  private static final int IMAGE_ROTATION = 0x00700042;
  private static final int TOP_LEFT_HAND_CORNER = 0x00700052;
  private static final int BOTTOM_RIGHT_HAND_CORNER = 0x00700053;
  private static final int QUARTER = 90;
  private static final int[] NOT_TURNED = {0, 0};

  private static final long LARGEST_PICTURE = 1L << 30;

  /** A picture takes at most this part of the memory. */
  private static final int MEMORY_SHARE = 8;

  /**
   * Returns the placement of a frame.
   *
   * @throws ImagingException if the picture would be too large, or the state asks for what is not
   *     allowed
   */
  static Placement of(
      FrameAttributes attributes, Picture picture, Optional<PresentationState> state) {
    double aspect = PixelAspect.of(attributes);
    if (state.isEmpty()) {
      int[] whole = {1, 1, picture.width(), picture.height()};
      return of(new Source(attributes.where(), picture), whole, aspect, NOT_TURNED);
    }
    Attributes top = state.get().top().object();
    String where = state.get().top().where();
    Optional<Attributes> area = state.get().displayedArea();
    int turn = top.integer(IMAGE_ROTATION).orElse(0);
    if (turn % QUARTER != 0) {
      throw LookupTable.damaged(
          where, "Image Rotation (0070,0042) is %d, expected 0, 90, 180 or 270".formatted(turn));
    }
    boolean flipped = top.string(IMAGE_HORIZONTAL_FLIP).orElse("N").equals("Y");
    int[] turned = {Math.floorMod(turn / QUARTER, 4), flipped ? 1 : 0};
    return of(
        new Source(where, picture),
        corners(area, picture),
        area.map(a -> PixelAspect.of(a, aspect)).orElse(aspect),
        turned);
  }

  /** Returns the corners of the displayed area in stored pixels, ascending whatever the turn. */
  private static int[] corners(Optional<Attributes> area, Picture picture) {
    List<Double> a = area.map(item -> item.numbers(TOP_LEFT_HAND_CORNER)).orElse(List.of());
    List<Double> b = area.map(item -> item.numbers(BOTTOM_RIGHT_HAND_CORNER)).orElse(List.of());
    if (a.size() < 2 || b.size() < 2) {
      return new int[] {1, 1, picture.width(), picture.height()};
    }
    return new int[] {
      (int) Math.min(a.get(0), b.get(0)),
      (int) Math.min(a.get(1), b.get(1)),
      (int) Math.max(a.get(0), b.get(0)),
      (int) Math.max(a.get(1), b.get(1))
    };
  }

  /** What is placed, and where it comes from, for messages. */
  private record Source(String where, Picture picture) {
    /** Returns how many pixels a placed picture may have: as many as there are, or the limit. */
    long limit() {
      long limit = Math.min(LARGEST_PICTURE, Runtime.getRuntime().maxMemory() / MEMORY_SHARE) / 3;
      return Math.max(limit, (long) picture.width() * picture.height());
    }
  }

  private static Placement of(Source source, int[] corners, double aspect, int[] turned) {
    long columns = (long) corners[2] - corners[0] + 1;
    long rows = (long) corners[3] - corners[1] + 1;
    double wide = aspect < 1 ? Math.rint(columns / aspect) : columns;
    double high = aspect > 1 ? Math.rint(rows * aspect) : rows;
    long limit = source.limit();
    if (!(wide * high <= limit)) {
      throw ImagingException.unsupported(
          source.where(),
          "A picture of %.0f x %.0f square pixels, above the limit of %d,"
              .formatted(wide, high, limit),
          "Correct the pixel aspect ratio or the displayed area, or give the JVM more memory");
    }
    return new Placement(
        corners[0] - 1,
        corners[1] - 1,
        (int) columns,
        (int) rows,
        (int) wide,
        (int) high,
        turned[0],
        turned[1] == 1);
  }

  /** Returns the width of the picture. */
  int width() {
    return turns % 2 == 0 ? wide : high;
  }

  /** Returns the height of the picture. */
  int height() {
    return turns % 2 == 0 ? high : wide;
  }

  /** Places a picture of stored pixels. */
  Picture apply(Picture picture) {
    boolean whole = left == 0 && top == 0 && columns == picture.width() && rows == picture.height();
    if (whole && wide == columns && high == rows && turns == 0 && !flipped) {
      return picture;
    }
    int channels = picture.channels();
    byte[] pixels = cut(picture);
    pixels = enlarged(pixels, new Line(1, rows, high, columns * channels));
    pixels = enlarged(pixels, new Line(high, columns, wide, channels));
    return new Picture(width(), height(), channels, ByteBuffer.wrap(turned(pixels, channels)));
  }

  private byte[] cut(Picture picture) {
    int channels = picture.channels();
    byte[] pixels = new byte[columns * rows * channels];
    int first = Math.max(0, -left);
    int last = Math.min(columns, picture.width() - left);
    for (int y = Math.max(0, -top); y < Math.min(rows, picture.height() - top); y++) {
      if (last > first) {
        int from = ((y + top) * picture.width() + first + left) * channels;
        int to = (y * columns + first) * channels;
        picture.pixels().get(from, pixels, to, (last - first) * channels);
      }
    }
    return pixels;
  }

  /**
   * One direction of a picture: {@code outer} lines of {@code from} steps, each of {@code inner}
   * bytes, that become {@code to} steps.
   */
  private record Line(int outer, int from, int to, int inner) {}

  /** Each new pixel is the mean of the part of the old ones that it covers. */
  private static byte[] enlarged(byte[] pixels, Line line) {
    if (line.from() == line.to()) {
      return pixels;
    }
    byte[] result = new byte[line.outer() * line.to() * line.inner()];
    double step = (double) line.from() / line.to();
    for (int i = 0; i < line.to(); i++) {
      int first = Math.min((int) Math.floor(i * step), line.from() - 1);
      int second = Math.min(first + 1, line.from() - 1);
      double weight = Math.max(0, (i + 1) * step - (first + 1)) / step;
      for (int o = 0; o < line.outer(); o++) {
        int a = (o * line.from() + first) * line.inner();
        int b = (o * line.from() + second) * line.inner();
        int to = (o * line.to() + i) * line.inner();
        for (int k = 0; k < line.inner(); k++) {
          int low = pixels[a + k] & 0xFF;
          result[to + k] = (byte) (low + weight * ((pixels[b + k] & 0xFF) - low) + 0.5);
        }
      }
    }
    return result;
  }

  private byte[] turned(byte[] pixels, int channels) {
    if (turns == 0 && !flipped) {
      return pixels;
    }
    byte[] result = new byte[pixels.length];
    for (int y = 0; y < high; y++) {
      for (int x = 0; x < wide; x++) {
        double[] centre = turned(x + 0.5, y + 0.5);
        int row = (int) centre[1];
        int column = (int) centre[0];
        int to = (row * width() + column) * channels;
        System.arraycopy(pixels, (y * wide + x) * channels, result, to, channels);
      }
    }
    return result;
  }

  private double[] turned(double x, double y) {
    double[] point =
        switch (turns) {
          case 1 -> new double[] {high - y, x};
          case 2 -> new double[] {wide - x, high - y};
          case 3 -> new double[] {y, wide - x};
          default -> new double[] {x, y};
        };
    if (flipped) {
      point[0] = width() - point[0];
    }
    return point;
  }

  /**
   * Returns where a point of the stored pixels lies in the picture, both counted from the corner of
   * the first pixel.
   */
  double[] place(double x, double y) {
    return turned((x - left) * wide / columns, (y - top) * high / rows);
  }
}
