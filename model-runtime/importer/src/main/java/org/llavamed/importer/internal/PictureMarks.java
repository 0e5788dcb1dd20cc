package org.llavamed.importer.internal;

/**
 * How a picture stands in a prompt.
 *
 * @param picture text of the token that is written once for each of its positions
 * @param start text before them, or an empty one
 * @param end text behind them, or an empty one
 */
record PictureMarks(String picture, String start, String end) {
  /** The picture's token in all layouts but the oldest. */
  static final String IMAGE = "<image>";
}
