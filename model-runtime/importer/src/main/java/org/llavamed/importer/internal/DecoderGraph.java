package org.llavamed.importer.internal;

import static org.llavamed.importer.internal.OnnxGraph.attribute;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.llavamed.checkpoint.StoredTensor;
import org.llavamed.checkpoint.TextConfig;

/**
 * The decoder: inputs_embeds [batch, sequence, hidden], attention_mask [batch, total] and the cache
 * past_key_values.{i}.key/value [batch, kvHeads, past, headSize] to the logits [batch, 1,
 * vocabulary] of each row's last position and the cache present.{i}.key/value.
 *
 * <p>The mask has a one for every position that is filled after this run, padding stands right of
 * them; 8-bit graphs also read {@link Branches}. The cache either grows (past holds the positions
 * before this run, none at first) or is one buffer of fixed capacity, at least total, that is given
 * as past and as present: then keys and values are written in place. With more than one new
 * position on a filled cache the batch is 1.
 *
 * <p>Rows other than the last one are needed for their keys and values only: they are left out from
 * the last layer's attention on.
 *
 * <p>In float16 the linear layers, attention and the cache are float16; residuals, norms, what
 * comes in and the logits stay float32, as the residual of large models can pass float16's range.
 */
final class DecoderGraph {
  private final OnnxGraph graph = new OnnxGraph("decoder_model_merged");
  private final TextConfig config;
  private final LlavaTensors tensors;
  private final Weights weights;
  private final Linear linear;
  private final Linear head;
  private final DataType type;
  private final boolean readsBranches;
  private @Nullable Branches branches;

  private DecoderGraph(
      TextConfig config, LlavaTensors tensors, Weights weights, DecoderPrecision precision) {
    this.config = config;
    this.tensors = tensors;
    this.weights = weights;
    this.linear = precision.linear(graph, weights, tensors.decoderMatrices());
    this.head = precision.head(graph, weights, linear);
    this.type = precision.activations();
    this.readsBranches = precision.readsBranches() && rotatesInside();
  }

  static OnnxGraph build(
      TextConfig config, LlavaTensors tensors, Weights weights, DecoderPrecision precision)
      throws IOException {
    DecoderGraph decoder = new DecoderGraph(config, tensors, weights, precision);
    decoder.declare();
    decoder.lengths();
    decoder.rotations();
    decoder.layers();
    return decoder.graph;
  }

  private void declare() {
    graph.input("inputs_embeds", DataType.FLOAT, "batch_size", "sequence_length", config.hidden());
    graph.input("attention_mask", DataType.INT64, "batch_size", "total_sequence_length");
    graph.output("logits", DataType.FLOAT, "batch_size", 1, config.vocabulary());
    for (int i = 0; i < config.layers(); i++) {
      for (String part : List.of("key", "value")) {
        graph.input("past_key_values." + i + "." + part, type, cache("past_length"));
        graph.output("present." + i + "." + part, type, cache("present_length"));
      }
    }
  }

  private Object[] cache(String length) {
    return new Object[] {"batch_size", config.kvHeads(), length, config.headSize()};
  }

  /**
   * From the mask: seqlens_k [batch] (filled positions less 1), total_length (a number) and
   * last_row [batch, 1, 1], the row of this run that is each sequence's last: filled - 1 less the
   * positions before this run, within 0 and sequence_length - 1.
   */
  private void lengths() {
    String one = graph.scalar("one", 1L);
    String first = graph.longs("axis_1", 1);
    String present =
        readsBranches
            ? graph.node("present", "Min", List.of("attention_mask", one))
            : "attention_mask";
    String filled =
        graph.node("filled", "ReduceSum", List.of(present, first), attribute("keepdims", 0));
    String newest = graph.node("newest", "Sub", List.of(filled, one));
    graph.cast("seqlens_k", DataType.INT32, newest);
    String total = extent("attention_mask", one);
    graph.cast("total_length", DataType.INT32, total);
    String sequence = extent("inputs_embeds", one);
    String before = graph.node("before", "Sub", List.of(total, sequence));
    String row = graph.node("row", "Sub", List.of(newest, before));
    String last = graph.node("row.most", "Sub", List.of(sequence, one));
    String low = graph.node("row.low", "Max", List.of(row, graph.scalar("zero", 0L)));
    String within = graph.node("row.within", "Min", List.of(low, last));
    graph.node("last_row", "Reshape", List.of(within, graph.longs("row.shape", -1, 1, 1)));
    if (readsBranches) {
      branches = Branches.of(graph, before, total);
    } else if (!rotatesInside()) {
      positions(filled, sequence);
    }
  }

  /** GroupQueryAttention rotates only heads whose size is a multiple of 16. */
  private boolean rotatesInside() {
    return config.headSize() % 16 == 0;
  }

  /**
   * position_ids [batch, sequence]: a row's first new position stands behind those that were filled
   * before, filled - sequence; a prompt with padding behind it begins at 0.
   */
  private void positions(String filled, String sequence) {
    String zero = graph.scalar("position.zero", 0L);
    String behind = graph.node("position.behind", "Sub", List.of(filled, sequence));
    String first = graph.node("position.first", "Max", List.of(behind, zero));
    String start = graph.node("position.start", "Unsqueeze", List.of(first, "axis_1"));
    String step = graph.scalar("position.step", 1L);
    String offsets = graph.node("position.offsets", "Range", List.of(zero, sequence, step));
    graph.node("position_ids", "Add", List.of(start, offsets));
  }

  private String extent(String value, String index) {
    String shape = graph.node(value + ".shape", "Shape", List.of(value));
    return graph.node(value + ".length", "Gather", List.of(shape, index));
  }

  /**
   * Cosine and sine [context, headSize / 2] of position x theta^(-2i / headSize). In float32 where
   * transformers computes in float32; StrictMath, so that every machine writes the same bytes.
   */
  private void rotations() throws IOException {
    int half = config.headSize() / 2;
    float[] cos = new float[config.context() * half];
    float[] sin = new float[config.context() * half];
    for (int i = 0; i < half; i++) {
      double exponent = 2.0 * i / config.headSize();
      float frequency = (float) (1 / StrictMath.pow(config.ropeTheta(), exponent));
      for (int position = 0; position < config.context(); position++) {
        float angle = position * frequency;
        cos[position * half + i] = (float) StrictMath.cos(angle);
        sin[position * half + i] = (float) StrictMath.sin(angle);
      }
    }
    graph.weight(weights.floats("cos_cache", type, cos, config.context(), half));
    graph.weight(weights.floats("sin_cache", type, sin, config.context(), half));
  }

  private void layers() throws IOException {
    String residual = "inputs_embeds";
    String normed =
        graph.node(
            "layers.0.normed",
            "SimplifiedLayerNormalization",
            List.of(residual, scale("layers.0.input_layernorm")),
            attribute("axis", -1),
            attribute("epsilon", config.epsilon()));
    for (int i = 0; i < config.layers(); i++) {
      String name = "layers." + i + ".";
      boolean last = i == config.layers() - 1;
      String attended = attention(i, normed);
      if (last) {
        attended = lastRow(attended);
        residual = lastRow(residual);
      }
      String o = wide(multiply(linear.prepare(attended), name + "self_attn.o_proj"));
      String middle = name + "middle";
      String mlp = perceptron(name, add(middle, residual, o, name + "post_attention_layernorm"));
      String next = last ? "norm" : "layers." + (i + 1) + ".input_layernorm";
      residual = name + "output";
      normed = add(residual, middle, mlp, next);
    }
    output(head.prepare(narrow(normed)));
  }

  private void output(Linear.Prepared last) throws IOException {
    StoredTensor matrix = tensors.text("lm_head.weight");
    if (type == DataType.FLOAT) {
      last.times("logits", matrix);
    } else {
      graph.cast("logits", DataType.FLOAT, last.times("lm_head", matrix));
    }
  }

  /** From the float32 of residuals and norms to the type of linear layers and attention. */
  private String narrow(String value) {
    return type == DataType.FLOAT ? value : graph.cast(value + ".narrow", type, value);
  }

  private String wide(String value) {
    return type == DataType.FLOAT ? value : graph.cast(value + ".wide", DataType.FLOAT, value);
  }

  private String attention(int index, String normed) throws IOException {
    String name = "layers." + index + ".self_attn";
    Linear.Prepared input = linear.prepare(narrow(normed));
    List<String> inputs = new ArrayList<>();
    inputs.add(rotated(multiply(input, name + ".q_proj")));
    inputs.add(rotated(multiply(input, name + ".k_proj")));
    inputs.add(multiply(input, name + ".v_proj"));
    inputs.add("past_key_values." + index + ".key");
    inputs.add("past_key_values." + index + ".value");
    inputs.addAll(List.of("seqlens_k", "total_length"));
    if (rotatesInside()) {
      inputs.addAll(List.of("cos_cache", "sin_cache"));
    }
    Branches several = branches;
    if (several != null) {
      inputs.addAll(List.of(several.positions(), several.bias()));
    }
    graph.node(
        List.of(name, "present." + index + ".key", "present." + index + ".value"),
        "GroupQueryAttention",
        inputs,
        attribute("num_heads", config.heads()),
        attribute("kv_num_heads", config.kvHeads()),
        attribute("do_rotary", rotatesInside() ? 1 : 0));
    return name;
  }

  /** Rotates queries or keys [batch, sequence, heads x headSize] where attention does not. */
  private String rotated(String value) {
    return rotatesInside()
        ? value
        : graph.node(
            value + ".rotated",
            "RotaryEmbedding",
            List.of(value, "position_ids", "cos_cache", "sin_cache"));
  }

  /** down(silu(gate(x)) * up(x)); QuickGelu with alpha 1 is SiLU. */
  private String perceptron(String name, String normed) throws IOException {
    Linear.Prepared input = linear.prepare(narrow(normed));
    String gate = multiply(input, name + "mlp.gate_proj");
    String active =
        graph.node(name + "mlp.active", "QuickGelu", List.of(gate), attribute("alpha", 1f));
    String up = multiply(input, name + "mlp.up_proj");
    String gated = graph.node(name + "mlp.gated", "Mul", List.of(active, up));
    return wide(multiply(linear.prepare(gated), name + "mlp.down_proj"));
  }

  private String multiply(Linear.Prepared input, String name) throws IOException {
    return input.times(name, tensors.text("model." + name + ".weight"));
  }

  /** Adds to the residual and returns the sum's norm. */
  private String add(String sum, String residual, String delta, String norm) throws IOException {
    String normed = sum + ".normed";
    graph.node(
        List.of(normed, "", "", sum),
        "SkipSimplifiedLayerNormalization",
        List.of(residual, delta, scale(norm)),
        attribute("epsilon", config.epsilon()));
    return normed;
  }

  private String scale(String norm) throws IOException {
    StoredTensor tensor = tensors.text("model." + norm + ".weight");
    return graph.weight(weights.copy(norm + ".weight", tensor, DataType.FLOAT, config.hidden()));
  }

  private String lastRow(String value) {
    return graph.node(
        value + ".last", "GatherND", List.of(value, "last_row"), attribute("batch_dims", 1));
  }
}
