package org.llavamed.importer.internal;

import static org.llavamed.importer.internal.OnnxGraph.attribute;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.llavamed.checkpoint.StoredTensor;

/**
 * Multiplies by whole numbers of 4 or 8 bits that share a scale in blocks along the inputs;
 * activations are rounded to 8 bits by the kernel, block by block (accuracy level 4). Blocks begin
 * at input 0; where the inputs are no multiple of the block, the last one ends with weights of 0.
 *
 * @param graph that grows
 * @param weights its weights
 * @param bits 4 or 8
 * @param block 32, 64 or 128 weights
 * @param eights matrices that are stored in 8 bits in any case
 */
record BlockLinear(OnnxGraph graph, Weights weights, int bits, int block, Set<StoredTensor> eights)
    implements Linear {
  /** Activations are rounded to 8 bits: several times faster than products of float32. */
  private static final int ACCURACY_LEVEL = 4;

  @Override
  public Prepared prepare(String x) {
    return (output, matrix) -> times(output, x, matrix);
  }

  private String times(String output, String x, Matrix matrix) throws IOException {
    int bits = eights.containsAll(matrix.tensors()) ? 8 : this.bits;
    int blocks = (matrix.in() + block - 1) / block;
    int blockBytes = block * bits / 8;
    float[] scales = new float[Math.multiplyExact(matrix.out(), blocks)];
    Blocks quantiser = new Blocks(bits, block);
    TensorProto numbers =
        weights.rows(
            output + ".weight_q" + bits,
            matrix,
            blocks * blockBytes,
            (row, values, bytes) -> put(quantiser, values, bytes, scales, row * blocks),
            matrix.out(),
            blocks,
            blockBytes);
    TensorProto steps =
        weights.floats(output + ".weight_scale", DataType.FLOAT, scales, scales.length);
    return graph.node(
        output,
        "MatMulNBits",
        List.of(x, graph.weight(numbers), graph.weight(steps)),
        attribute("K", matrix.in()),
        attribute("N", matrix.out()),
        attribute("bits", bits),
        attribute("block_size", block),
        attribute("accuracy_level", ACCURACY_LEVEL));
  }

  private void put(Blocks quantiser, float[] row, ByteBuffer bytes, float[] scales, int first) {
    byte[] numbers = new byte[block];
    for (int from = 0, i = first; from < row.length; from += block, i++) {
      scales[i] = quantiser.quantise(row, from, numbers);
      quantiser.pack(numbers, bytes);
    }
  }
}
