package org.llavamed.model.internal;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import java.nio.FloatBuffer;
import java.util.Map;

/** The vision tower with its projector. */
final class Vision {
  private final Graph graph;
  private final ModelDescription model;
  private final RunOptions options;

  Vision(Graph graph, ModelDescription model, RunOptions options) {
    this.graph = graph;
    this.model = model;
    this.options = options;
    graph.expect(
        Map.of("pixel_values", new long[] {-1, 3, model.imageSide(), model.imageSide()}),
        Map.of("image_features", new long[] {-1, model.imageTokens(), model.hiddenSize()}));
  }

  /**
   * Returns the features of a picture.
   *
   * @param pixels shape [3, side, side]
   */
  Features look(FloatBuffer pixels) throws OrtException {
    FloatBuffer rows = Tensors.floats((long) model.imageTokens() * model.hiddenSize());
    try (OnnxTensor in = Tensors.over(pixels, 1, 3, model.imageSide(), model.imageSide());
        OnnxTensor out = Tensors.over(rows, 1, model.imageTokens(), model.hiddenSize())) {
      graph.run(Map.of("pixel_values", in), Map.of("image_features", out), options);
    }
    return new Features(rows);
  }
}
