package org.llavamed.importer.internal;

import static org.llavamed.importer.internal.OnnxGraph.attribute;
import static org.llavamed.importer.internal.OnnxGraph.attributes;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Multiplies in whole numbers: weights with one scale an output, activations with one scale a
 * token, found while running. What is lost lies in the rounding alone, the sums are exact.
 *
 * <p>Exact on every processor: activations are unsigned bytes, 128 + x / scale with x / scale from
 * -127 to 127, weights whole numbers from -63 to 63. Processors without VNNI add two products of an
 * unsigned and a signed byte in 16 bits and cut what exceeds 32,767; here two products are at most
 * 255 x 63 x 2 = 32,130. Weights up to 127 would be cut there, silently, and answers would differ
 * between processors: on an emulated Haswell nearly every sum of random bytes was wrong, none with
 * 63. Signed activations would need no such care, but ONNX Runtime 1.29 has no fast kernel for them
 * on x86 (1 instead of 90 thousand million products a second for one row), and unsigned weights run
 * at half the speed where there is VNNI.
 *
 * <p>Price of the seventh bit, tiny-vqa on 91 questions: 90 answers equal float32's instead of 91.
 */
final class QuantisedLinear implements Linear {
  /** Largest magnitude of a weight. */
  static final int WEIGHT_STEPS = 63;

  private static final float ACTIVATION_STEPS = 127;
  private static final int ZERO = 128;

  private final OnnxGraph graph;
  private final Weights weights;
  private final String perStep;
  private final String smallest;
  private final String one;
  private final String zero;
  private final String zeros;
  private final String anyLength;

  QuantisedLinear(OnnxGraph graph, Weights weights) {
    this.graph = graph;
    this.weights = weights;
    this.perStep = graph.scalar("quantise.per_step", 1 / ACTIVATION_STEPS);
    this.smallest = graph.scalar("quantise.smallest", Float.MIN_NORMAL * ACTIVATION_STEPS);
    this.one = graph.scalar("quantise.one", 1f);
    this.zero = graph.unsignedByte("quantise.zero", ZERO);
    this.zeros = graph.unsignedByte("quantise.zeros", ZERO, 1);
    this.anyLength = graph.longs("quantise.any_length", -1);
  }

  /** A token of zeros has the smallest scale and stays zero. */
  @Override
  public Prepared prepare(String x) {
    String low = graph.node(x + ".lowest", "ReduceMin", List.of(x), attributes("axes", -1));
    String high = graph.node(x + ".highest", "ReduceMax", List.of(x), attributes("axes", -1));
    String negative = graph.node(x + ".negative", "Neg", List.of(low));
    String largest = graph.node(x + ".largest", "Max", List.of(high, negative, smallest));
    String scale = graph.node(x + ".scale", "Mul", List.of(largest, perStep));
    String bytes = bytes(x, scale);
    return (output, matrix) -> times(output, bytes, scale, matrix);
  }

  /** One scale a row is what QuantizeLinear takes, so the rows of a batch follow each other. */
  private String bytes(String x, String scale) {
    String rows = graph.node(x + ".rows", "Flatten", List.of(x), attribute("axis", -1));
    String scales = graph.node(x + ".scales", "Reshape", List.of(scale, anyLength));
    String count = graph.node(x + ".count", "Shape", List.of(scales));
    String middle = graph.node(x + ".zeros", "Expand", List.of(zeros, count));
    String bytes =
        graph.node(
            x + ".row_bytes",
            "QuantizeLinear",
            List.of(rows, scales, middle),
            attribute("axis", 0));
    String shape = graph.node(x + ".shape", "Shape", List.of(x));
    return graph.node(x + ".bytes", "Reshape", List.of(bytes, shape));
  }

  private String times(String output, String bytes, String scale, Matrix matrix)
      throws IOException {
    float[] scales = scales(matrix);
    String weight = graph.weight(weights.transposed(output + ".weight", matrix, new Form8(scales)));
    String weightScale =
        graph.weight(
            weights.floats(output + ".weight_scale", DataType.FLOAT, scales, scales.length));
    String product =
        graph.node(
            output + ".product",
            "MatMulIntegerToFloat",
            List.of(bytes, weight, one, weightScale, zero));
    return graph.node(output, "Mul", List.of(product, scale));
  }

  /**
   * Returns each output's scale: its largest magnitude divided by {@link #WEIGHT_STEPS}; 1 for an
   * output whose weights are all 0.
   */
  static float[] scales(Matrix matrix) {
    float[] scales = new float[matrix.out()];
    Weights.groups(
        matrix.out(),
        (low, high) -> {
          float[] row = new float[matrix.in()];
          for (int output = low; output < high; output++) {
            matrix.read(output, 0, row, row.length);
            float largest = 0;
            for (float weight : row) {
              largest = Math.max(largest, Math.abs(weight));
            }
            scales[output] = largest == 0 ? 1 : largest / WEIGHT_STEPS;
          }
        });
    return scales;
  }

  /** Whole numbers with one scale an output. */
  private static final class Form8 implements Form {
    private final float[] scales;

    private Form8(float[] scales) {
      this.scales = scales;
    }

    @Override
    public DataType type() {
      return DataType.INT8;
    }

    @Override
    public int bytes() {
      return 1;
    }

    @Override
    public void put(ByteBuffer block, int index, int output, float value) {
      block.put(index, (byte) Math.rint(value / scales[output]));
    }
  }
}
