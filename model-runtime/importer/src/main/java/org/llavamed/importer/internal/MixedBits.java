package org.llavamed.importer.internal;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.llavamed.checkpoint.StoredTensor;

/**
 * Finds the matrices of a 4-bit decoder that are better stored in 8 bits: those that lose most of
 * what they hold by rounding, for each byte that this costs, until the budget is used up.
 *
 * <p>The loss of a matrix is the squared error by the squared weights, of every sixteenth row: its
 * share of the output's energy where inputs are alike. So narrow matrices, as those of keys and
 * values that many heads share, come first, and of equally large ones those with outliers.
 */
final class MixedBits {
  /** Bytes that 8-bit matrices may add, as a share of all in 4 bits. */
  static final double BUDGET = 0.03;

  private static final int EVERY = 16;

  private MixedBits() {}

  /**
   * Returns the matrices to be stored in 8 bits.
   *
   * @param matrices all that would be stored in 4 bits
   * @param block weights that share a scale
   */
  static Set<StoredTensor> eights(List<StoredTensor> matrices, int block, Work work) {
    Map<StoredTensor, Double> gains = new HashMap<>();
    long weights = 0;
    for (StoredTensor matrix : matrices) {
      work.at("rounding of " + matrix.name());
      gains.put(matrix, loss(matrix, block) / count(matrix));
      weights += count(matrix);
    }
    Set<StoredTensor> eights = new HashSet<>();
    double left = BUDGET * weights;
    List<StoredTensor> ranked =
        matrices.stream()
            .sorted(Comparator.comparingDouble((StoredTensor m) -> -gains.getOrDefault(m, 0.0)))
            .toList();
    for (StoredTensor matrix : ranked) {
      if (count(matrix) <= left) {
        left -= count(matrix);
        eights.add(matrix);
      }
    }
    return eights;
  }

  /** Returns the share of the weights' energy that rounding to 4 bits takes, about 0.01. */
  static double loss(StoredTensor tensor, int block) {
    Matrix matrix = new Matrix(List.of(tensor));
    Blocks blocks = new Blocks(4, block);
    double[] errors = new double[matrix.out()];
    Weights.groups(
        matrix.out(),
        (low, high) -> {
          float[] row = new float[matrix.in()];
          for (int output = low; output < high; output += EVERY) {
            matrix.read(output, 0, row, row.length);
            errors[output] = blocks.error(row);
          }
        });
    double error = 0;
    double energy = 0;
    float[] row = new float[matrix.in()];
    for (int output = 0; output < matrix.out(); output += EVERY) {
      matrix.read(output, 0, row, row.length);
      error += errors[output];
      for (float weight : row) {
        energy += (double) weight * weight;
      }
    }
    return energy == 0 ? 0 : error / energy;
  }

  private static long count(StoredTensor matrix) {
    return matrix.shape().get(0) * matrix.shape().get(1);
  }
}
