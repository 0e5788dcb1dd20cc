package org.llavamed.codec.internal;

import java.util.Arrays;

/**
 * Decodes one scan of JPEG-LS row by row (ITU-T T.87 annex A and B).
 *
 * <p>A row holds one pixel of margin on either side: the left one has the neighbours of the first
 * sample, the right one repeats the last.
 */
final class JpegLsScan {
  private static final int RESTARTS = 8;
  private static final int LAST_RUN_INDEX = 31;

  /**
   * What is said of a scan.
   *
   * @param parameters coding parameters
   * @param bySample whether the components alternate by sample; else they do by row
   * @param restartRows rows between restart markers
   */
  record Header(JpegLsParameters parameters, boolean bySample, int restartRows) {}

  private final FrameLayout layout;
  private final Header header;
  private final int[] components;
  private final JpegLsBits bits;

  /** Components in a row: all where they alternate by sample, else one. */
  private final int step;

  /** Quantised gradients by gradient plus {@link #zero}. */
  private final byte[] quantised;

  private final int zero;
  private JpegLsModel model;
  private final int[] runIndex;

  JpegLsScan(FrameLayout layout, Header header, int[] components, JpegLsBits bits) {
    this.layout = layout;
    this.header = header;
    this.components = components;
    this.bits = bits;
    this.step = header.bySample() ? components.length : 1;
    this.zero = header.parameters().most();
    this.quantised = quantised(header.parameters());
    this.model = new JpegLsModel(header.parameters(), bits);
    this.runIndex = new int[components.length];
  }

  /** Decodes the scan. */
  void decode(SampleRows rows) {
    int planes = components.length / step;
    int length = (layout.description().columns() + 2) * step;
    int[][] row = new int[planes][length];
    int[][] above = new int[planes][length];
    for (int y = 0; y < layout.description().rows(); y++) {
      if (y > 0 && y % header.restartRows() == 0) {
        restart(y / header.restartRows() - 1);
        above = new int[planes][length];
      }
      for (int plane = 0; plane < planes; plane++) {
        row(plane, row[plane], above[plane]);
        check(y);
        rows.put(y, step > 1 ? components : new int[] {components[plane]}, row[plane], step, 0);
      }
      int[][] free = above;
      above = row;
      row = free;
    }
  }

  private void check(int y) {
    if (bits.exhausted() || !model.sound()) {
      throw layout.damaged(
          "The JPEG-LS data %s in row %d, expected %d rows"
              .formatted(
                  bits.exhausted() ? "ends" : "has an error that no encoder makes",
                  y,
                  layout.description().rows()));
    }
  }

  private void restart(int number) {
    if (!bits.restart(number % RESTARTS)) {
      throw layout.damaged(
          "The JPEG-LS data has no restart marker RST%d at byte %d"
              .formatted(number % RESTARTS, bits.position()));
    }
    model = new JpegLsModel(header.parameters(), bits);
    Arrays.fill(runIndex, 0);
  }

  private void row(int plane, int[] row, int[] above) {
    int end = row.length - step;
    for (int c = 0; c < step; c++) {
      row[c] = above[step + c];
      above[end + c] = above[end - step + c];
    }
    if (step == 1) {
      samples(plane, row, above, end);
    } else {
      pixels(row, above, end);
    }
  }

  private void samples(int plane, int[] row, int[] above, int end) {
    int x = 1;
    int left = row[0];
    int corner = above[0];
    int up = above[1];
    int upGradient = quantised[zero + up - corner];
    while (x < end) {
      int next = above[x + 1];
      int nextGradient = quantised[zero + next - up];
      int gradients =
          (nextGradient * JpegLsModel.GRADIENTS + upGradient) * JpegLsModel.GRADIENTS
              + quantised[zero + corner - left];
      if (gradients != 0) {
        left = model.regular(gradients, left, up, corner);
        row[x++] = left;
        corner = up;
        up = next;
        upGradient = nextGradient;
      } else {
        x = run(plane, row, above, x);
        left = row[x - 1];
        corner = above[x - 1];
        up = above[Math.min(x, end)];
        upGradient = quantised[zero + up - corner];
      }
    }
  }

  private void pixels(int[] row, int[] above, int end) {
    int x = step;
    while (x < end) {
      boolean flat = true;
      for (int c = x; c < x + step; c++) {
        flat &= gradients(row, above, c) == 0;
      }
      if (flat) {
        x = run(0, row, above, x);
      } else {
        for (int c = x; c < x + step; c++) {
          row[c] =
              model.regular(gradients(row, above, c), row[c - step], above[c], above[c - step]);
        }
        x += step;
      }
    }
  }

  private int gradients(int[] row, int[] above, int i) {
    int corner = above[i - step];
    return (quantised[zero + above[i + step] - above[i]] * JpegLsModel.GRADIENTS
                + quantised[zero + above[i] - corner])
            * JpegLsModel.GRADIENTS
        + quantised[zero + corner - row[i - step]];
  }

  /**
   * Reads a run and the pixel that ends it.
   *
   * @return index behind these
   */
  private int run(int plane, int[] row, int[] above, int first) {
    int end = row.length - step;
    int stop = first + runLength(plane, (end - first) / step) * step;
    for (int i = first; i < stop; i++) {
      row[i] = row[i - step];
    }
    if (stop == end) {
      return stop;
    }
    for (int i = stop; i < stop + step; i++) {
      int left = row[i - step];
      boolean alike = step == 1 && model.same(left, above[i]);
      row[i] = model.interruption(alike, runIndex[plane], left, above[i]);
    }
    runIndex[plane] = Math.max(0, runIndex[plane] - 1);
    return stop + step;
  }

  /** Reads the length of a run, in pixels (T.87 A.7.1.1). */
  private int runLength(int plane, int most) {
    int length = 0;
    while (bits.bits(1) == 1) {
      int block = 1 << JpegLsModel.runBits(runIndex[plane]);
      if (block > most - length) {
        return most;
      }
      length += block;
      runIndex[plane] = Math.min(LAST_RUN_INDEX, runIndex[plane] + 1);
      if (length == most) {
        return most;
      }
    }
    length += bits.bits(JpegLsModel.runBits(runIndex[plane]));
    if (length > most) {
      throw layout.damaged("A run of the JPEG-LS data ends behind its row");
    }
    return length;
  }

  /** Quantises every gradient (T.87 A.3.3). */
  private static byte[] quantised(JpegLsParameters p) {
    int[] bounds = {p.near() + 1, p.t1(), p.t2(), p.t3(), p.most() + 1};
    byte[] table = new byte[2 * p.most() + 1];
    for (int level = 1; level < bounds.length; level++) {
      int from = bounds[level - 1];
      int to = bounds[level];
      Arrays.fill(table, p.most() + from, p.most() + to, (byte) level);
      Arrays.fill(table, p.most() - to + 1, p.most() - from + 1, (byte) -level);
    }
    return table;
  }
}
