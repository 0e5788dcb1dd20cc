package org.llavamed.importer.internal;

import static org.llavamed.importer.internal.OnnxGraph.attribute;
import static org.llavamed.importer.internal.OnnxGraph.attributes;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.io.IOException;
import java.util.List;

/**
 * The CLIP tower up to the hidden state that is taken, and the projector: pixel_values [batch, 3,
 * side, side] to image_features [batch, tokens, hidden of the decoder].
 */
final class VisionGraph {
  private final OnnxGraph graph = new OnnxGraph("vision_encoder");
  private final VisionConfig config;
  private final LlavaTensors tensors;
  private final Weights weights;

  private VisionGraph(VisionConfig config, LlavaTensors tensors, Weights weights) {
    this.config = config;
    this.tensors = tensors;
    this.weights = weights;
  }

  static OnnxGraph build(LlavaConfig config, LlavaTensors tensors, Weights weights)
      throws IOException {
    VisionGraph vision = new VisionGraph(config.vision(), tensors, weights);
    String hidden = vision.embeddings();
    for (int i = 0; i < config.vision().layersRun(); i++) {
      hidden = vision.layer(i, hidden);
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

  private String layer(int index, String input) throws IOException {
    String name = "encoder.layers." + index + ".";
    String normed = norm(name + "layer_norm1", input);
    String attended =
        graph.node(
            name + "self_attn",
            "MultiHeadAttention",
            List.of(
                linear(name + "self_attn.q_proj", normed),
                linear(name + "self_attn.k_proj", normed),
                linear(name + "self_attn.v_proj", normed)),
            attribute("num_heads", config.heads()));
    String projected = linear(name + "self_attn.out_proj", attended);
    String middle = graph.node(name + "middle", "Add", List.of(input, projected));
    String wide = linear(name + "mlp.fc1", norm(name + "layer_norm2", middle));
    String active =
        config.quickGelu()
            ? graph.node(
                name + "mlp.active", "QuickGelu", List.of(wide), attribute("alpha", 1.702f))
            : graph.node(name + "mlp.active", "Gelu", List.of(wide));
    return graph.node(name + "output", "Add", List.of(middle, linear(name + "mlp.fc2", active)));
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
    String first = projected("linear_1", taken, llava.projectorBias());
    String active = graph.node("projector.active", "Gelu", List.of(first));
    String second = projected("linear_2", active, llava.projectorBias());
    graph.node("image_features", "Identity", List.of(second));
    graph.output(
        "image_features", DataType.FLOAT, "batch_size", config.tokens(), llava.text().hidden());
  }

  private String projected(String name, String input, boolean bias) throws IOException {
    StoredTensor matrix = tensors.projector(name + ".weight");
    String product =
        new Linear.Float32(graph, weights).prepare(input).times("projector." + name, matrix);
    return bias ? biased(product, tensors.projector(name + ".bias")) : product;
  }

  private String linear(String name, String input) throws IOException {
    StoredTensor matrix = tensors.vision(name + ".weight");
    String product = new Linear.Float32(graph, weights).prepare(input).times(name, matrix);
    return biased(product, tensors.vision(name + ".bias"));
  }

  private String biased(String product, StoredTensor bias) throws IOException {
    String weight = graph.weight(weights.copy(product + ".bias", bias, bias.shape().get(0)));
    return graph.node(product + ".biased", "Add", List.of(product, weight));
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
    return graph.weight(weights.copy(name, tensors.vision(tensor), dims));
  }

  private static AttributeProto axis(int axis) {
    return attribute("axis", axis);
  }
}
