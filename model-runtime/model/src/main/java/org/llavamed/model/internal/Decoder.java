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
 * The language model: reads tokens one after the other and says which may come next. Its memory of
 * what it has read, the key-value cache, is one buffer a layer for keys and one for values, made
 * once; the graph appends to them in place. Not safe for use by several threads.
 */
final class Decoder implements AutoCloseable {
  /** Most positions that are read in one run: a stop takes effect after that many at the latest. */
  static final int CHUNK = 256;

  private final Graph embedding;
  private final Graph graph;
  private final ModelDescription model;
  private final RunOptions options;
  private final int capacity;
  private final FloatBuffer embeddings;
  private final LongBuffer ids;
  private final LongBuffer mask;
  private final FloatBuffer logits;
  private final Map<String, OnnxTensor> cache = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> outputs = new LinkedHashMap<>();
  private int length;

  /**
   * Makes the cache.
   *
   * @param capacity most positions
   */
  Decoder(Graph embedding, Graph graph, ModelDescription model, int capacity, RunOptions options)
      throws OrtException {
    this.embedding = embedding;
    this.graph = graph;
    this.model = model;
    this.options = options;
    this.capacity = capacity;
    expectGraphs(embedding, graph, model);
    this.embeddings = Tensors.floats((long) CHUNK * model.hiddenSize());
    this.ids = Tensors.longs(CHUNK);
    this.mask = Tensors.longs(capacity);
    for (int i = 0; i < capacity; i++) {
      mask.put(i, 1);
    }
    this.logits = Tensors.floats(model.vocabulary());
    outputs.put("logits", Tensors.over(logits, 1, 1, model.vocabulary()));
    for (int layer = 0; layer < model.layers(); layer++) {
      for (String part : List.of("key", "value")) {
        OnnxTensor tensor = cacheTensor();
        cache.put("past_key_values." + layer + "." + part, tensor);
        outputs.put("present." + layer + "." + part, tensor);
      }
    }
  }

  private OnnxTensor cacheTensor() throws OrtException {
    long heads = model.kvHeads();
    return Tensors.over(
        Tensors.floats(heads * capacity * model.headSize()), 1, heads, capacity, model.headSize());
  }

  private static void expectGraphs(Graph embedding, Graph graph, ModelDescription model) {
    long hidden = model.hiddenSize();
    embedding.expect(
        Map.of("input_ids", new long[] {-1, -1}),
        Map.of("inputs_embeds", new long[] {-1, -1, hidden}));
    Map<String, long[]> inputs = new LinkedHashMap<>();
    Map<String, long[]> results = new LinkedHashMap<>();
    inputs.put("inputs_embeds", new long[] {-1, -1, hidden});
    inputs.put("attention_mask", new long[] {-1, -1});
    results.put("logits", new long[] {-1, -1, model.vocabulary()});
    for (int layer = 0; layer < model.layers(); layer++) {
      for (String part : List.of("key", "value")) {
        long[] shape = {-1, model.kvHeads(), -1, model.headSize()};
        inputs.put("past_key_values." + layer + "." + part, shape);
        results.put("present." + layer + "." + part, shape);
      }
    }
    graph.expect(inputs, results);
  }

  /** Returns the most positions that fit. */
  int capacity() {
    return capacity;
  }

  /** Returns the positions that are read. */
  int length() {
    return length;
  }

  /** Forgets all but the first positions. */
  void rewind(int positions) {
    if (positions > length) {
      throw new IllegalArgumentException(
          "cannot go from %d positions forward to %d".formatted(length, positions));
    }
    length = positions;
  }

  /**
   * Reads tokens, in runs of at most {@link #CHUNK} counted from the first, so that the same tokens
   * after the same past give the same bits. Before each run {@code checkpoint} is asked, which may
   * throw.
   *
   * @param tokens the tokens; where one is the picture's, the next row of {@code features} is read
   * @param features of the picture; not read where no token is the picture's
   */
  void read(List<Integer> tokens, Features features, Runnable checkpoint) throws OrtException {
    FloatBuffer rows = features.rows();
    for (int from = 0; from < tokens.size(); from += CHUNK) {
      checkpoint.run();
      List<Integer> chunk = tokens.subList(from, Math.min(from + CHUNK, tokens.size()));
      embed(chunk, rows);
      step(chunk.size());
    }
  }

  private void embed(List<Integer> tokens, FloatBuffer features) throws OrtException {
    int count = tokens.size();
    for (int i = 0; i < count; i++) {
      int id = tokens.get(i);
      ids.put(i, id == model.imageTokenId() ? 0 : id);
    }
    try (OnnxTensor in = Tensors.over(ids, 1, count);
        OnnxTensor out = Tensors.over(embeddings, 1, count, model.hiddenSize())) {
      embedding.run(Map.of("input_ids", in), Map.of("inputs_embeds", out), options);
    }
    for (int i = 0; i < count; i++) {
      if (tokens.get(i) == model.imageTokenId()) {
        embeddings.put(i * model.hiddenSize(), features, features.position(), model.hiddenSize());
        features.position(features.position() + model.hiddenSize());
      }
    }
  }

  private void step(int count) throws OrtException {
    if (length + count > capacity) {
      throw new IllegalArgumentException(
          "%d + %d positions, %d fit".formatted(length, count, capacity));
    }
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>(cache);
    try (OnnxTensor rows = Tensors.over(embeddings, 1, count, model.hiddenSize());
        OnnxTensor seen = Tensors.over(mask, 1, length + count)) {
      inputs.put("inputs_embeds", rows);
      inputs.put("attention_mask", seen);
      graph.run(inputs, outputs, options);
    }
    length += count;
  }

  /** Returns what may come next, as it is after the last run. */
  Logits logits() {
    return Logits.copyOf(logits);
  }

  /** Frees the cache; the graphs are the maker's. */
  @Override
  public void close() {
    outputs.values().forEach(OnnxTensor::close);
  }
}
