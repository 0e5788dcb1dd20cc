package org.llavamed.importer.internal;

import java.util.ArrayList;
import java.util.List;
import org.llavamed.checkpoint.Numbers;
import org.llavamed.checkpoint.StoredTensor;

/**
 * The matrix [out, in] of a linear layer; or several of the same inputs, the outputs of one below
 * those of the other. Several threads may read at a time.
 */
final class Matrix {
  private final List<StoredTensor> tensors;
  private final List<Numbers> parts = new ArrayList<>();
  private final int[] ends;
  private final int in;

  Matrix(List<StoredTensor> tensors) {
    this.tensors = List.copyOf(tensors);
    this.ends = new int[tensors.size()];
    this.in = Math.toIntExact(tensors.get(0).shape().get(1));
    int out = 0;
    for (int i = 0; i < ends.length; i++) {
      StoredTensor tensor = tensors.get(i);
      if (tensor.shape().get(1) != in) {
        throw new IllegalArgumentException(tensor.where() + " has other inputs than its neighbour");
      }
      parts.add(new Numbers(tensor));
      out = Math.addExact(out, Math.toIntExact(tensor.shape().get(0)));
      ends[i] = out;
    }
  }

  /** Returns where the weights lie. */
  List<StoredTensor> tensors() {
    return tensors;
  }

  int out() {
    return ends[ends.length - 1];
  }

  int in() {
    return in;
  }

  /**
   * Reads weights of one output.
   *
   * @param from first input
   * @param count number of inputs
   */
  void read(int output, int from, float[] into, int count) {
    int part = 0;
    while (output >= ends[part]) {
      part++;
    }
    int first = part == 0 ? 0 : ends[part - 1];
    parts.get(part).read((long) (output - first) * in + from, into, 0, count);
  }
}
