package org.llavamed.model.internal;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import java.nio.FloatBuffer;
import java.util.Map;

/** The vision tower with its projector. Not safe for use by several threads. */
final class Vision {
  private final Graph graph;
  private final ModelDescription model;
  private final RunOptions options;
  private final FloatBuffer rows;

  Vision(Graph graph, ModelDescription model, RunOptions options) {
    this.graph = graph;
    this.model = model;
    this.options = options;
    graph.expect(
        Map.of("pixel_values", new long[] {-1, 3, model.imageSide(), model.imageSide()}),
        Map.of("image_features", new long[] {-1, model.imageTokens(), model.hiddenSize()}));
    this.rows = Tensors.floats((long) model.imageTokens() * model.hiddenSize());
  }

  /**
   * Returns the features of a picture, which lie in the Java heap: there they are freed as soon as
   * nobody needs them.
   *
   * @param pixels shape [3, side, side]
   */
  Features look(FloatBuffer pixels) throws OrtException {
    try (OnnxTensor in = Tensors.over(pixels, 1, 3, model.imageSide(), model.imageSide());
        OnnxTensor out = Tensors.over(rows, 1, model.imageTokens(), model.hiddenSize())) {
      graph.run(Map.of("pixel_values", in), Map.of("image_features", out), options);
    }
    return new Features(FloatBuffer.allocate(rows.capacity()).put(0, rows, 0, rows.capacity()));
  }
}
