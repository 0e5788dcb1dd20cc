package org.llavamed.importer.internal;

import static org.llavamed.importer.internal.OnnxGraph.attribute;
import static org.llavamed.importer.internal.OnnxGraph.attributes;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.io.IOException;
import java.util.List;
import org.llavamed.checkpoint.LlavaConfig;
import org.llavamed.checkpoint.StoredTensor;
import org.llavamed.checkpoint.VisionConfig;
import org.llavamed.inference.Precision;

/**
 * The CLIP tower up to the hidden state that is taken, and the projector: pixel_values [batch, 3,
 * side, side] to image_features [batch, tokens, hidden of the decoder], both float32. The patches'
 * embedding, residuals and norms are float32 in every precision, attention is not rounded to whole
 * numbers.
 */
final class VisionGraph {
  private final OnnxGraph graph = new OnnxGraph("vision_encoder");
  private final VisionConfig config;
  private final LlavaTensors tensors;
  private final Weights weights;
  private final Linear linear;
  private final DataType type;
  private final boolean joinsNorms;

  private VisionGraph(
      VisionConfig config, LlavaTensors tensors, Weights weights, Precision precision) {
    this.config = config;
    this.tensors = tensors;
    this.weights = weights;
    this.type = precision == Precision.FP16 ? DataType.FLOAT16 : DataType.FLOAT;
    this.joinsNorms = precision == Precision.INT8;
    this.linear =
        precision == Precision.INT8
            ? new QuantisedLinear(graph, weights)
            : new Linear.Floats(graph, weights, type);
  }

  static OnnxGraph build(
      LlavaConfig config, LlavaTensors tensors, Weights weights, Precision precision)
      throws IOException {
    VisionGraph vision = new VisionGraph(config.vision(), tensors, weights, precision);
    String hidden = vision.embeddings();
    int layers = config.vision().layersRun();
    if (layers > 0) {
      vision.norm(firstNorm(0), hidden);
    }
    for (int i = 0; i < layers; i++) {
      hidden = vision.layer(i, hidden, i == layers - 1);
    }
    vision.projector(hidden, config);
    return vision.graph;
  }

  /** A position for the class token and one for each patch, row by row, then the first norm. */
  private String embeddings() throws IOException {
    int d = config.hidden();
    graph.input("pixel_values", DataType.FLOAT, "batch_size", 3, config.side(), config.side());
    String kernel =
        graph.weight(
            weights.copy(
                "patch_embedding.weight",
                tensors.vision("embeddings.patch_embedding.weight"),
                DataType.FLOAT,
                d,
                3,
                config.patch(),
                config.patch()));
    String grid =
        graph.node(
            "patches.grid",
            "Conv",
            List.of("pixel_values", kernel),
            attributes("kernel_shape", config.patch(), config.patch()),
            attributes("strides", config.patch(), config.patch()));
    String flat =
        graph.node(
            "patches.flat",
            "Reshape",
            List.of(grid, graph.longs("patches.shape", 0, d, config.patches())));
    String patches = graph.node("patches", "Transpose", List.of(flat), attributes("perm", 0, 2, 1));
    String all = graph.node("positions", "Concat", List.of(classToken(), patches), axis(1));
    String position =
        vector(
            "position_embedding", "embeddings.position_embedding.weight", config.patches() + 1, d);
    return norm("pre_layrnorm", graph.node("embeddings", "Add", List.of(all, position)));
  }

  private String classToken() throws IOException {
    String token = vector("class_embedding", "embeddings.class_embedding", 1, 1, config.hidden());
    String batch =
        graph.node(
            "batch", "Shape", List.of("pixel_values"), attribute("start", 0), attribute("end", 1));
    String shape =
        graph.node(
            "class.shape",
            "Concat",
            List.of(batch, graph.longs("class.rest", 1, config.hidden())),
            axis(0));
    return graph.node("class", "Expand", List.of(token, shape));
  }

  private static String firstNorm(int layer) {
    return "encoder.layers." + layer + ".layer_norm1";
  }

  /** Adds a layer, and the first norm of the next one. */
  private String layer(int index, String input, boolean last) throws IOException {
    String name = "encoder.layers." + index + ".";
    Linear.Prepared normed = linear.prepare(narrow(firstNorm(index)));
    String attended =
        graph.node(
            name + "self_attn",
            "MultiHeadAttention",
            List.of(
                linear(name + "self_attn.q_proj", normed),
                linear(name + "self_attn.k_proj", normed),
                linear(name + "self_attn.v_proj", normed)),
            attribute("num_heads", config.heads()));
    String middle = name + "middle";
    String out = name + "self_attn.out_proj";
    String second = addAndNorm(middle, input, out, linear.prepare(attended), name + "layer_norm2");
    String wide = linear(name + "mlp.fc1", linear.prepare(narrow(second)));
    String active =
        config.quickGelu()
            ? graph.node(
                name + "mlp.active", "QuickGelu", List.of(wide), attribute("alpha", 1.702f))
            : graph.node(name + "mlp.active", "Gelu", List.of(wide));
    String output = name + "output";
    Linear.Prepared inner = linear.prepare(active);
    if (last) {
      return graph.node(output, "Add", List.of(middle, wide(linear(name + "mlp.fc2", inner))));
    }
    addAndNorm(output, middle, name + "mlp.fc2", inner, firstNorm(index + 1));
    return output;
  }

  /**
   * Adds what a linear layer makes of its input to the residual, and takes the norm of the sum: in
   * one step beside products of whole numbers, where single steps would take a seventh of the time.
   *
   * @return the norm, named as its weights are
   */
  private String addAndNorm(
      String sum, String residual, String layer, Linear.Prepared input, String norm)
      throws IOException {
    if (!joinsNorms) {
      graph.node(sum, "Add", List.of(residual, wide(linear(layer, input))));
      return norm(norm, sum);
    }
    String product = input.times(layer, tensors.vision(layer + ".weight"));
    StoredTensor bias = tensors.vision(layer + ".bias");
    String addend = graph.weight(weights.copy(product + ".bias", bias, type, config.hidden()));
    int d = config.hidden();
    graph.node(
        List.of(norm, "", "", sum),
        "SkipLayerNormalization",
        List.of(
            residual,
            product,
            vector(norm + ".weight", norm + ".weight", d),
            vector(norm + ".bias", norm + ".bias", d),
            addend),
        attribute("epsilon", config.epsilon()));
    return norm;
  }

  private void projector(String hidden, LlavaConfig llava) throws IOException {
    String taken =
        config.keepsClass()
            ? hidden
            : graph.node(
                "without_class",
                "Slice",
                List.of(
                    hidden,
                    graph.longs("slice.start", 1),
                    graph.longs("slice.end", Long.MAX_VALUE),
                    graph.longs("slice.axis", 1)));
    String features = projected("linear_1", narrow(taken), llava.projectorBias());
    for (int i = 2; i <= llava.projectorLayers(); i++) {
      String name = i == 2 ? "projector.active" : "projector.active_" + i;
      String active = graph.node(name, "Gelu", List.of(features));
      features = projected("linear_" + i, active, llava.projectorBias());
    }
    graph.node("image_features", "Identity", List.of(wide(features)));
    graph.output(
        "image_features", DataType.FLOAT, "batch_size", config.tokens(), llava.text().hidden());
  }

  private String projected(String name, String input, boolean bias) throws IOException {
    StoredTensor matrix = tensors.projector(name + ".weight");
    String product = linear.prepare(input).times("projector." + name, matrix);
    return bias ? biased(product, tensors.projector(name + ".bias")) : product;
  }

  private String linear(String name, Linear.Prepared input) throws IOException {
    String product = input.times(name, tensors.vision(name + ".weight"));
    return biased(product, tensors.vision(name + ".bias"));
  }

  private String biased(String product, StoredTensor bias) throws IOException {
    String weight = graph.weight(weights.copy(product + ".bias", bias, type, bias.shape().get(0)));
    return graph.node(product + ".biased", "Add", List.of(product, weight));
  }

  /** From the float32 of residuals and norms to the type of linear layers and attention. */
  private String narrow(String value) {
    return type == DataType.FLOAT ? value : graph.cast(value + ".narrow", type, value);
  }

  private String wide(String value) {
    return type == DataType.FLOAT ? value : graph.cast(value + ".wide", DataType.FLOAT, value);
  }

  private String norm(String name, String input) throws IOException {
    int d = config.hidden();
    return graph.node(
        name,
        "LayerNormalization",
        List.of(
            input,
            vector(name + ".weight", name + ".weight", d),
            vector(name + ".bias", name + ".bias", d)),
        attribute("axis", -1),
        attribute("epsilon", config.epsilon()));
  }

  private String vector(String name, String tensor, long... dims) throws IOException {
    return graph.weight(weights.copy(name, tensors.vision(tensor), DataType.FLOAT, dims));
  }

  private static AttributeProto axis(int axis) {
    return attribute("axis", axis);
  }
}
