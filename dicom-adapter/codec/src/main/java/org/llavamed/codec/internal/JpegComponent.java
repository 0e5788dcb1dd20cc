package org.llavamed.codec.internal;

import java.util.Arrays;

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

  private static final int NOT_CODED = -1;

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

  /** Bit position to which scans have coded each coefficient, in zigzag order. */
  private final int[] known = new int[BLOCK];

  JpegComponent(int id, int horizontal, int vertical, int quantisation) {
    this.id = id;
    this.horizontal = horizontal;
    this.vertical = vertical;
    this.quantisation = quantisation;
    Arrays.fill(known, NOT_CODED);
  }

  /** Sets the sizes from those of the frame; allocates nothing. */
  void size(int columns, int rows, int mostHorizontal, int mostVertical) {
    width = ceil(columns * horizontal, mostHorizontal);
    height = ceil(rows * vertical, mostVertical);
    blocksAcross = ceil(columns, SIDE * mostHorizontal) * horizontal;
    blocksDown = ceil(rows, SIDE * mostVertical) * vertical;
  }

  /**
   * Notes what a scan codes: of each coefficient first all bits above a position, then one bit
   * after the other, each once (T.81 G.1.1.1.1 and G.1.1.1.2).
   *
   * @throws IllegalArgumentException if this is not the next step of a coefficient
   */
  void code(JpegScan.Header scan) {
    for (int k = scan.first(); k <= scan.last(); k++) {
      boolean next =
          known[k] == NOT_CODED
              ? scan.high() == 0
              : scan.high() == known[k] && scan.low() == known[k] - 1;
      if (!next) {
        throw new IllegalArgumentException(
            "coefficient %d of component %d goes from bit %d to %d, %s"
                .formatted(
                    k,
                    id,
                    scan.high(),
                    scan.low(),
                    known[k] == NOT_CODED
                        ? "it was not coded yet"
                        : "it stands at bit " + known[k]));
      }
      known[k] = scan.low();
    }
  }

  /** Returns whether a scan has coded the mean of the blocks. */
  boolean hasMean() {
    return known[0] != NOT_CODED;
  }

  /** Returns whether scans have coded every bit of every coefficient. */
  boolean complete() {
    return Arrays.stream(known).allMatch(bit -> bit == 0);
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
