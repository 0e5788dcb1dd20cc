package org.llavamed.importer.internal;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.List;
import java.util.Set;
import org.llavamed.checkpoint.StoredTensor;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Precisions;

/**
 * How a decoder graph stores its weights.
 *
 * @param linear of the linear layers inside
 * @param lmHead of the output matrix of a 4-bit decoder: INT8 or INT4
 * @param block weights that share a scale in a 4-bit decoder
 */
record DecoderPrecision(Precision linear, Precision lmHead, int block) {
  static DecoderPrecision of(Precision linear, Precisions precisions) {
    return new DecoderPrecision(linear, precisions.lmHead(), precisions.block());
  }

  /** Returns the type of what linear layers and attention take and give, and of the cache. */
  DataType activations() {
    return linear == Precision.FP16 ? DataType.FLOAT16 : DataType.FLOAT;
  }

  /**
   * Returns whether the graph reads several prompts in one run: 8-bit graphs read the prompts
   * wherever they are there.
   */
  boolean readsBranches() {
    return linear == Precision.INT8;
  }

  /**
   * Returns how the linear layers inside multiply.
   *
   * @param matrices of all of these
   */
  Linear linear(OnnxGraph graph, Weights weights, List<StoredTensor> matrices) {
    return switch (linear) {
      case FP32, FP16 -> new Linear.Floats(graph, weights, activations());
      case INT8 -> new QuantisedLinear(graph, weights);
      case INT4 ->
          new BlockLinear(
              graph, weights, 4, block, MixedBits.eights(matrices, block, weights.work()));
    };
  }

  /** Returns how the output matrix multiplies, where that is not as {@code inside}. */
  Linear head(OnnxGraph graph, Weights weights, Linear inside) {
    return linear == Precision.INT4 && lmHead == Precision.INT8
        ? new BlockLinear(graph, weights, 8, block, Set.of())
        : inside;
  }
}
