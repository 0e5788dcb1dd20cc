package org.llavamed.model.internal;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decode steps of one sequence by nothing but ONNX Runtime's call, over the cache of a decoder:
 * what the decoder takes more is the cost of the code around it.
 */
final class RawSteps implements AutoCloseable {
  private final Graph graph;
  private final RunOptions options = new RunOptions();
  private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> outputs = new LinkedHashMap<>();
  private final OnnxTensor rows;
  private final OnnxTensor logits;
  private final LongBuffer mask;

  /** Makes the tensors; the decoder must not grow its cache from then on. */
  RawSteps(Decoder decoder, ModelDescription model) throws OrtException {
    this.graph = decoder.graphs().step();
    this.mask = Tensors.longs(decoder.limits().positions());
    for (int i = 0; i < mask.capacity(); i++) {
      mask.put(i, 1);
    }
    FloatBuffer embeddings = Tensors.floats(model.hiddenSize());
    for (int i = 0; i < embeddings.capacity(); i++) {
      embeddings.put(i, 0.01f);
    }
    this.rows = Tensors.over(embeddings, 1, 1, model.hiddenSize());
    this.logits = Tensors.over(Tensors.floats(model.vocabulary()), 1, 1, model.vocabulary());
    inputs.put("inputs_embeds", rows);
    outputs.put("logits", logits);
    List<OnnxTensor> planes = decoder.cache().batch(1);
    int next = 0;
    for (int layer = 0; layer < model.layers(); layer++) {
      for (String part : DecoderGraphs.CACHE_PARTS) {
        OnnxTensor plane = planes.get(next++);
        inputs.put(DecoderGraphs.past(layer, part), plane);
        outputs.put(DecoderGraphs.present(layer, part), plane);
      }
    }
  }

  /**
   * Runs one step.
   *
   * @return seconds of the run alone
   */
  double seconds(int past) throws OrtException {
    try (OnnxTensor seen = Tensors.over(mask, 1, past + 1)) {
      inputs.put("attention_mask", seen);
      long begin = System.nanoTime();
      graph.run(inputs, outputs, options);
      return (System.nanoTime() - begin) / 1e9;
    }
  }

  @Override
  public void close() {
    rows.close();
    logits.close();
    options.close();
  }
}
