package org.llavamed.importer.internal;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.io.IOException;
import java.util.List;
import org.llavamed.checkpoint.StoredTensor;

/** How a graph multiplies by the matrix of a linear layer. */
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
    String times(String output, Matrix matrix) throws IOException;

    /** Multiplies by one matrix of the checkpoint. */
    default String times(String output, StoredTensor matrix) throws IOException {
      return times(output, new Matrix(List.of(matrix)));
    }
  }

  /**
   * Multiplies floating-point numbers.
   *
   * @param type of weights, inputs and outputs: FLOAT or FLOAT16
   */
  record Floats(OnnxGraph graph, Weights weights, DataType type) implements Linear {
    @Override
    public Prepared prepare(String x) {
      return (output, matrix) -> {
        Form form = Form.of(type, matrix.tensors().get(0).where());
        String weight = graph.weight(weights.transposed(output + ".weight", matrix, form));
        return graph.node(output, "MatMul", List.of(x, weight));
      };
    }
  }
}
