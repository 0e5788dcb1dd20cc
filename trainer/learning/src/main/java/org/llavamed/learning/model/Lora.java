package org.llavamed.learning.model;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.llavamed.learning.TrainingException;

/**
 * Low-rank adapters (Hu et al. 2021) of the decoder's matrices.
 *
 * @param rank numbers between the two matrices of an adapter, from 1
 * @param alpha what an adapter adds is multiplied by alpha / rank; above 0
 * @param dropout of an adapter's input, from 0 to below 1
 * @param targets last parts of the names of the matrices
 */
public record Lora(int rank, double alpha, double dropout, List<String> targets) {
  /** All matrices of the decoder's layers, as Hugging Face names them. */
  public static final List<String> ALL =
      List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

  /**
   * Checks the values.
   *
   * @throws TrainingException if one is out of its range, or a target is no matrix of a decoder
   */
  public Lora {
    targets = List.copyOf(targets);
    Set<String> unknown = new TreeSet<>(targets);
    ALL.forEach(unknown::remove);
    if (targets.isEmpty() || !unknown.isEmpty()) {
      throw TrainingException.invalid(
          "adapters", "their targets are " + targets, "Name one or more of " + ALL);
    }
    if (rank < 1 || !(alpha > 0) || !(dropout >= 0 && dropout < 1)) {
      throw TrainingException.invalid(
          "adapters",
          "rank, alpha and dropout are %d, %s and %s".formatted(rank, alpha, dropout),
          "Set a rank of 1 or more, an alpha above 0 and a dropout from 0 to below 1");
    }
  }

  /** Returns what the product of an adapter's matrices is multiplied by. */
  public double scale() {
    return alpha / rank;
  }

  /** Returns whether a layer gets an adapter. */
  boolean takes(String name) {
    return targets.contains(name.substring(name.lastIndexOf('.') + 1));
  }
}
