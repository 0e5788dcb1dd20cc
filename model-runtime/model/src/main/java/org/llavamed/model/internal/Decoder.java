package org.llavamed.model.internal;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The language model: reads the next positions of sequences, one a row of its key-value cache, and
 * says which token may come next. Where a sequence stands is the caller's to know: what lies behind
 * the positions that it names is overwritten. Not safe for use by several threads.
 */
final class Decoder implements AutoCloseable {
  /** Key of a graph's metadata: it reads branches, marked by 2, 3 and so on in the mask. */
  private static final String BRANCHES = "llavamed.branches";

  private static final FloatBuffer NO_PICTURE = FloatBuffer.allocate(0);

  private final EmbeddingTable table;
  private final DecoderGraphs graphs;
  private final ModelDescription model;
  private final Limits limits;
  private final RunOptions options;
  private final KvCache cache;
  private final FloatBuffer promptRows;
  private final FloatBuffer promptLogits;
  private final FloatBuffer stepRows;
  private final FloatBuffer stepLogits;
  private final LongBuffer mask;
  private final boolean readsBranches;
  private final Map<Integer, Binding> batches = new HashMap<>();
  private final Map<Integer, Binding> singles = new HashMap<>();
  private long runs;

  /**
   * What a decoder is made for.
   *
   * @param rows most sequences at a time
   * @param positions most positions of a sequence
   * @param chunk most positions of a prompt that are read in one run
   */
  record Limits(int rows, int positions, int chunk) {}

  /**
   * Tensors of a run that stay the same from run to run.
   *
   * @param inputs all but attention_mask, and inputs_embeds where its length changes
   */
  private record Binding(
      Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs, List<OnnxTensor> own) {}

  /** Takes the parts; the graphs and the options are the maker's. */
  Decoder(
      EmbeddingTable table,
      DecoderGraphs graphs,
      ModelDescription model,
      Limits limits,
      RunOptions options) {
    this.table = table;
    this.graphs = graphs;
    this.model = model;
    this.limits = limits;
    this.options = options;
    this.cache = new KvCache(model, graphs.expect(model), limits.rows(), limits.positions());
    this.promptRows = Tensors.floats((long) limits.chunk() * model.hiddenSize());
    this.promptLogits = Tensors.floats(model.vocabulary());
    this.stepRows = Tensors.floats((long) limits.rows() * model.hiddenSize());
    this.stepLogits = Tensors.floats((long) limits.rows() * model.vocabulary());
    this.mask = Tensors.longs((long) limits.rows() * limits.positions());
    this.readsBranches = graphs.prefill().metadata(BRANCHES).isPresent();
  }

  Limits limits() {
    return limits;
  }

  /** Returns what runs. */
  DecoderGraphs graphs() {
    return graphs;
  }

  /** Returns the memory of the sequences, whose rows may be copied. */
  KvCache cache() {
    return cache;
  }

  /** Returns whether one run may read several branches. */
  boolean readsBranches() {
    return readsBranches;
  }

  /** Returns how often decode steps were run. */
  long stepRuns() {
    return runs;
  }

  /** Makes room for sequences. */
  void reserve(int rows, int positions) {
    if (cache.reserve(rows, positions)) {
      forgetBindings();
    }
  }

  /**
   * Reads a part of a prompt.
   *
   * @param row of the sequence
   * @param past positions of it that are kept
   * @param tokens the next ones, at most a chunk; where one is the picture's, the next row of
   *     {@code features} is read
   * @param features rows of the picture from the position on, which moves; without any remaining,
   *     no token is taken for a picture's
   * @return the logits [vocabulary] after the last token, valid until the next call
   */
  FloatBuffer prefill(int row, int past, List<Integer> tokens, FloatBuffer features)
      throws OrtException {
    for (int i = 0; i < past + tokens.size(); i++) {
      mask.put(i, 1);
    }
    return read(row, past, tokens, features);
  }

  /**
   * Reads parts of several prompts that go on behind the same positions, one behind the other. None
   * sees another one, and each is rotated as if it stood there alone.
   *
   * @param row that they are written into
   * @param past positions of it that are kept
   * @param branches tokens of each, at most a chunk in all
   */
  void prefillBranches(int row, int past, List<List<Integer>> branches) throws OrtException {
    for (int i = 0; i < past; i++) {
      mask.put(i, 1);
    }
    List<Integer> tokens = new ArrayList<>();
    for (int branch = 0; branch < branches.size(); branch++) {
      for (Integer token : branches.get(branch)) {
        mask.put(past + tokens.size(), 2L + branch);
        tokens.add(token);
      }
    }
    read(row, past, tokens, NO_PICTURE);
  }

  private FloatBuffer read(int row, int past, List<Integer> tokens, FloatBuffer features)
      throws OrtException {
    int count = tokens.size();
    reserve(row + 1, past + count);
    for (int i = 0; i < count; i++) {
      embed(tokens.get(i), i, features);
    }
    Binding binding = singles.get(row);
    if (binding == null) {
      OnnxTensor logits = Tensors.over(promptLogits, 1, 1, model.vocabulary());
      binding = bind(cache.single(row), logits, List.of(logits));
      singles.put(row, binding);
    }
    try (OnnxTensor rows = Tensors.over(promptRows, 1, count, model.hiddenSize());
        OnnxTensor seen = Tensors.over(mask, 1, past + count)) {
      binding.inputs().put("inputs_embeds", rows);
      binding.inputs().put("attention_mask", seen);
      graphs.prefill().run(binding.inputs(), binding.outputs(), options);
    }
    cache.wrote(row, past + count);
    return promptLogits;
  }

  private void embed(int token, int index, FloatBuffer features) {
    int hidden = model.hiddenSize();
    if (model.isPicture(token) && features.hasRemaining()) {
      promptRows.put(index * hidden, features, features.position(), hidden);
      features.position(features.position() + hidden);
    } else {
      table.copy(token, promptRows, index * hidden);
    }
  }

  /** Reads one token of each of the first sequences, none of them of a prompt. */
  void step(List<Integer> pasts, List<Integer> tokens) throws OrtException {
    step(pasts, tokens, false);
  }

  /**
   * Reads one token of each of the first sequences.
   *
   * @param pasts positions of each that are kept
   * @param tokens the next one of each
   * @param prompts whether one of them is a prompt's last token: then the graph of prompts runs, so
   *     that the same decoder says what comes after a prompt, however it was read
   */
  void step(List<Integer> pasts, List<Integer> tokens, boolean prompts) throws OrtException {
    int rows = pasts.size();
    int total = 0;
    for (int row = 0; row < rows; row++) {
      total = Math.max(total, pasts.get(row) + 1);
      table.copy(tokens.get(row), stepRows, row * model.hiddenSize());
    }
    reserve(rows, total);
    for (int row = 0; row < rows; row++) {
      int past = pasts.get(row);
      for (int i = 0; i < total; i++) {
        mask.put(row * total + i, i <= past ? 1 : 0);
      }
    }
    Binding binding = batches.get(rows);
    if (binding == null) {
      OnnxTensor embeddings = Tensors.over(stepRows, rows, 1, model.hiddenSize());
      OnnxTensor logits = Tensors.over(stepLogits, rows, 1, model.vocabulary());
      binding = bind(cache.batch(rows), logits, List.of(embeddings, logits));
      binding.inputs().put("inputs_embeds", embeddings);
      batches.put(rows, binding);
    }
    try (OnnxTensor seen = Tensors.over(mask, rows, total)) {
      binding.inputs().put("attention_mask", seen);
      Graph graph = prompts ? graphs.prefill() : graphs.step(rows);
      graph.run(binding.inputs(), binding.outputs(), options);
    }
    for (int row = 0; row < rows; row++) {
      cache.wrote(row, pasts.get(row) + 1);
    }
    runs++;
  }

  /** Returns the logits [vocabulary] of a sequence after the last step, valid until the next. */
  FloatBuffer logits(int row) {
    return stepLogits.slice(row * model.vocabulary(), model.vocabulary());
  }

  private Binding bind(List<OnnxTensor> planes, OnnxTensor logits, List<OnnxTensor> own) {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    Map<String, OnnxTensor> outputs = new LinkedHashMap<>();
    outputs.put("logits", logits);
    int next = 0;
    for (int layer = 0; layer < model.layers(); layer++) {
      for (String part : DecoderGraphs.CACHE_PARTS) {
        OnnxTensor plane = planes.get(next++);
        inputs.put(DecoderGraphs.past(layer, part), plane);
        outputs.put(DecoderGraphs.present(layer, part), plane);
      }
    }
    return new Binding(inputs, outputs, own);
  }

  private void forgetBindings() {
    for (Map<Integer, Binding> bindings : List.of(batches, singles)) {
      bindings.values().forEach(binding -> binding.own().forEach(OnnxTensor::close));
      bindings.clear();
    }
  }

  /** Frees the cache. */
  @Override
  public void close() {
    forgetBindings();
    cache.close();
  }
}
