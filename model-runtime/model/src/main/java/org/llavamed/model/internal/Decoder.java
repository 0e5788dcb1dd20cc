package org.llavamed.model.internal;

import ai.onnxruntime.OnnxJavaType;
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

  private final EmbeddingTable table;
  private final DecoderGraphs graphs;
  private final ModelDescription model;
  private final RunOptions options;
  private final int capacity;
  private final FloatBuffer embeddings;
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
  Decoder(
      EmbeddingTable table,
      DecoderGraphs graphs,
      ModelDescription model,
      int capacity,
      RunOptions options)
      throws OrtException {
    this.table = table;
    this.graphs = graphs;
    this.model = model;
    this.options = options;
    this.capacity = capacity;
    OnnxJavaType type = graphs.expect(model);
    this.embeddings = Tensors.floats((long) CHUNK * model.hiddenSize());
    this.mask = Tensors.longs(capacity);
    for (int i = 0; i < capacity; i++) {
      mask.put(i, 1);
    }
    this.logits = Tensors.floats(model.vocabulary());
    outputs.put("logits", Tensors.over(logits, 1, 1, model.vocabulary()));
    for (int layer = 0; layer < model.layers(); layer++) {
      for (String part : DecoderGraphs.CACHE_PARTS) {
        OnnxTensor tensor = cacheTensor(type);
        cache.put(DecoderGraphs.past(layer, part), tensor);
        outputs.put(DecoderGraphs.present(layer, part), tensor);
      }
    }
  }

  private OnnxTensor cacheTensor(OnnxJavaType type) throws OrtException {
    long heads = model.kvHeads();
    return Tensors.over(
        Tensors.bytes(heads * capacity * model.headSize() * type.size),
        type,
        1,
        heads,
        capacity,
        model.headSize());
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
   * Reads a prompt or a part of it, in runs of at most {@link #CHUNK} counted from the first, so
   * that the same tokens after the same past give the same bits. Before each run {@code checkpoint}
   * is asked, which may throw.
   *
   * @param tokens the tokens; where one is the picture's, the next row of {@code features} is read
   * @param features of the picture
   */
  void read(List<Integer> tokens, Features features, Runnable checkpoint) throws OrtException {
    FloatBuffer rows = features.rows();
    for (int from = 0; from < tokens.size(); from += CHUNK) {
      checkpoint.run();
      List<Integer> chunk = tokens.subList(from, Math.min(from + CHUNK, tokens.size()));
      for (int i = 0; i < chunk.size(); i++) {
        embed(chunk.get(i), i, rows);
      }
      run(graphs.prefill(), chunk.size());
    }
  }

  /** Reads one token of an answer. */
  void step(int token, Runnable checkpoint) throws OrtException {
    checkpoint.run();
    table.copy(token, embeddings, 0);
    run(graphs.step(), 1);
  }

  private void embed(int token, int index, FloatBuffer rows) {
    int hidden = model.hiddenSize();
    if (model.isPicture(token) && rows.hasRemaining()) {
      embeddings.put(index * hidden, rows, rows.position(), hidden);
      rows.position(rows.position() + hidden);
    } else {
      table.copy(token, embeddings, index * hidden);
    }
  }

  private void run(Graph graph, int count) throws OrtException {
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
