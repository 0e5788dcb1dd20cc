package org.llavamed.importer.internal;

import java.io.IOException;
import java.util.List;

/** How the decoder multiplies by the matrix of a linear layer. */
interface Linear {
  /**
   * Makes an input ready for any number of linear layers.
   *
   * @param x value of shape [..., in]
   */
  Prepared prepare(String x);

  /** An input, ready to be multiplied. */
  interface Prepared {
    /**
     * Multiplies.
     *
     * @param output name of the value of shape [..., out] that is made
     * @param matrix of shape [out, in]
     */
    String times(String output, StoredTensor matrix) throws IOException;
  }

  /** Multiplies in float32. */
  record Float32(OnnxGraph graph, Weights weights) implements Linear {
    @Override
    public Prepared prepare(String x) {
      return (output, matrix) -> {
        String weight = graph.weight(weights.transposed(output + ".weight", matrix));
        return graph.node(output, "MatMul", List.of(x, weight));
      };
    }
  }
}
