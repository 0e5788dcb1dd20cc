package org.llavamed.codec.internal;

/**
 * One colour component of a JPEG frame with its coefficients.
 *
 * <p>Blocks are stored by rows of {@link #blocksAcross}, each as 64 coefficients in natural order.
 * The store covers whole minimum coded units, so it may reach beyond the picture.
 */
final class JpegComponent {
  /** Coefficients, or samples, of a block. */
  static final int BLOCK = 64;

  /** Samples along a block's side. */
  static final int SIDE = 8;

  final int id;
  final int horizontal;
  final int vertical;
  final int quantisation;

  /** Size of the component in samples, without padding. */
  int width;

  int height;

  int blocksAcross;
  int blocksDown;
  short[] coefficients = {};
  int predictor;

  /** Quantisation steps in natural order, as they stood at the component's first scan. */
  int[] steps = {};

  JpegComponent(int id, int horizontal, int vertical, int quantisation) {
    this.id = id;
    this.horizontal = horizontal;
    this.vertical = vertical;
    this.quantisation = quantisation;
  }

  /** Sets the sizes from those of the frame; allocates nothing. */
  void size(int columns, int rows, int mostHorizontal, int mostVertical) {
    width = ceil(columns * horizontal, mostHorizontal);
    height = ceil(rows * vertical, mostVertical);
    blocksAcross = ceil(columns, SIDE * mostHorizontal) * horizontal;
    blocksDown = ceil(rows, SIDE * mostVertical) * vertical;
  }

  /** Returns where the coefficients of a block begin. */
  int offset(int row, int column) {
    return (row * blocksAcross + column) * BLOCK;
  }

  /** Returns the samples of the whole store. */
  long samples() {
    return (long) blocksAcross * blocksDown * BLOCK;
  }

  static int ceil(int a, int b) {
    return (a + b - 1) / b;
  }
}
