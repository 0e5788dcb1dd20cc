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
  private final String zero;
  private final String zeroByte;

  QuantisedLinear(OnnxGraph graph, Weights weights) {
    this.graph = graph;
    this.weights = weights;
    this.perStep = graph.scalar("quantise.per_step", 1 / ACTIVATION_STEPS);
    this.smallest = graph.scalar("quantise.smallest", Float.MIN_NORMAL);
    this.zero = graph.scalar("quantise.zero", (float) ZERO);
    this.zeroByte = graph.unsignedByte("quantise.zero_byte", ZERO);
  }

  /** A token of zeros has the smallest scale and stays zero. */
  @Override
  public Prepared prepare(String x) {
    String magnitude = graph.node(x + ".magnitude", "Abs", List.of(x));
    String largest =
        graph.node(
            x + ".largest",
            "ReduceMax",
            List.of(magnitude),
            attributes("axes", -1),
            attribute("keepdims", 1));
    String step = graph.node(x + ".step", "Mul", List.of(largest, perStep));
    String scale = graph.node(x + ".scale", "Max", List.of(step, smallest));
    String ratio = graph.node(x + ".ratio", "Div", List.of(x, scale));
    String rounded = graph.node(x + ".rounded", "Round", List.of(ratio));
    String shifted = graph.node(x + ".shifted", "Add", List.of(rounded, zero));
    String bytes = graph.cast(x + ".bytes", DataType.UINT8, shifted);
    return (output, matrix) -> times(output, bytes, scale, matrix);
  }

  private String times(String output, String bytes, String scale, Matrix matrix)
      throws IOException {
    float[] scales = scales(matrix);
    String weight = graph.weight(weights.transposed(output + ".weight", matrix, new Form8(scales)));
    String weightScale =
        graph.weight(
            weights.floats(output + ".weight_scale", DataType.FLOAT, scales, scales.length));
    String sums = graph.node(output + ".sums", "MatMulInteger", List.of(bytes, weight, zeroByte));
    String floats = graph.cast(output + ".floats", DataType.FLOAT, sums);
    String scaled = graph.node(output + ".scaled", "Mul", List.of(floats, scale));
    return graph.node(output, "Mul", List.of(scaled, weightScale));
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
