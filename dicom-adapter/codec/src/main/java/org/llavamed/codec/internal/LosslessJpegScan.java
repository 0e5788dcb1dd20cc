package org.llavamed.codec.internal;

/** Decodes one scan of lossless JPEG row by row (ITU-T T.81 H.2). */
final class LosslessJpegScan {
  private static final int MODULUS_MASK = 0xFFFF;
  private static final int RESTARTS = 8;

  /**
   * What is said of a scan.
   *
   * @param selection predictor (T.81 table H.1), 1 to 7
   * @param shift point transform
   * @param first prediction of the first sample
   * @param restartRows rows between restart markers
   */
  record Header(int selection, int shift, int first, int restartRows) {}

  private final FrameLayout layout;
  private final Header header;
  private final int[] components;
  private final JpegDifferenceTable[] tables;

  LosslessJpegScan(
      FrameLayout layout, Header header, int[] components, JpegDifferenceTable[] tables) {
    this.layout = layout;
    this.header = header;
    this.components = components;
    this.tables = tables;
  }

  /** Decodes the scan. */
  void decode(JpegBits bits, SampleRows rows) {
    int[] row = new int[layout.description().columns() * components.length];
    int[] above = new int[row.length];
    for (int y = 0; y < layout.description().rows(); y++) {
      boolean first = y % header.restartRows() == 0;
      if (first && y > 0) {
        restart(bits, y / header.restartRows() - 1);
      }
      if (!bits.differences(tables, row)) {
        throw layout.damaged(
            "The JPEG data has a code near byte %d that is not in its Huffman table"
                .formatted(bits.position()));
      }
      if (bits.exhausted()) {
        throw layout.damaged(
            "The JPEG data ends in row %d, expected %d rows"
                .formatted(y, layout.description().rows()));
      }
      for (int c = 0; c < components.length; c++) {
        row[c] = (row[c] + (first ? header.first() : above[c])) & MODULUS_MASK;
        predict(first ? 1 : header.selection(), row, above, c);
      }
      rows.put(y, components, row, 0, header.shift());
      int[] free = above;
      above = row;
      row = free;
    }
  }

  private void restart(JpegBits bits, int number) {
    if (!bits.restart(number % RESTARTS)) {
      throw layout.damaged(
          "The JPEG data has no restart marker RST%d at byte %d"
              .formatted(number % RESTARTS, bits.position()));
    }
  }

  /** Differences to samples, from the second of a row on. */
  private void predict(int selection, int[] row, int[] above, int component) {
    int step = components.length;
    int left = row[component];
    int corner = above[component];
    for (int i = component + step; i < row.length; i += step) {
      int up = above[i];
      int prediction =
          switch (selection) {
            case 1 -> left;
            case 2 -> up;
            case 3 -> corner;
            case 4 -> left + up - corner;
            case 5 -> left + ((up - corner) >> 1);
            case 6 -> up + ((left - corner) >> 1);
            default -> (left + up) >> 1;
          };
      left = (prediction + row[i]) & MODULUS_MASK;
      row[i] = left;
      corner = up;
    }
  }
}
