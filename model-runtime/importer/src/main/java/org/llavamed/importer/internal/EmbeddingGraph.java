package org.llavamed.importer.internal;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.io.IOException;
import java.util.List;
import org.llavamed.checkpoint.StoredTensor;
import org.llavamed.checkpoint.TextConfig;

/**
 * The embedding table: input_ids [batch, sequence] to inputs_embeds [batch, sequence, hidden]. The
 * table lies at the start of the external data file, row by row in float32 whatever the precision
 * of the rest: it is only mapped, rows are read where they lie.
 */
final class EmbeddingGraph {
  private EmbeddingGraph() {}

  static OnnxGraph build(TextConfig config, LlavaTensors tensors, Weights weights)
      throws IOException {
    OnnxGraph graph = new OnnxGraph("embed_tokens");
    graph.input("input_ids", DataType.INT64, "batch_size", "sequence_length");
    StoredTensor rows = tensors.text("model.embed_tokens.weight");
    String table =
        graph.weight(
            weights.copy(
                "embed_tokens.weight", rows, DataType.FLOAT, rows.shape().get(0), config.hidden()));
    graph.node("inputs_embeds", "Gather", List.of(table, "input_ids"));
    graph.output("inputs_embeds", DataType.FLOAT, "batch_size", "sequence_length", config.hidden());
    return graph;
  }
}
