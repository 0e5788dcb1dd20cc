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
import java.util.function.LongSupplier;
import org.llavamed.inference.Diagnosis.Measurement;

/**
 * Runs graphs on numbers that mean nothing, and looks at the clock. A graph is loaded, run for a
 * few seconds at most, or once where one run takes longer, and closed.
 */
final class GraphMeasurer implements Measurer {
  /** Lengths of a run that are tried on a prompt. */
  private static final List<Integer> CHUNKS = List.of(32, 64, 128, 256);

  private static final int STEPS = 16;
  private static final int TOGETHER = 8;
  private static final int REPEATS = 2;
  private static final double PATIENCE = 2;
  private static final double NANO = 1e-9;

  private final ModelFolder folder;
  private final Sessions sessions;
  private final LongSupplier clock;

  /**
   * Makes a measurer.
   *
   * @param clock in nanoseconds, from any start
   */
  GraphMeasurer(ModelFolder folder, Sessions sessions, LongSupplier clock) {
    this.folder = folder;
    this.sessions = sessions;
    this.clock = clock;
  }

  /** A decoder with a cache of its own. */
  private final class Trial implements AutoCloseable {
    private final Graph graph;
    private final ModelDescription model = folder.description();
    private final RunOptions options = new RunOptions();
    private final int sequences;
    private final FloatBuffer rows;
    private final LongBuffer mask;
    private final Map<String, OnnxTensor> cache = new LinkedHashMap<>();
    private final Map<String, OnnxTensor> outputs = new LinkedHashMap<>();

    Trial(Graph graph, int sequences) throws OrtException {
      this.graph = graph;
      this.sequences = sequences;
      OnnxJavaType type = new DecoderGraphs(graph, graph, 1).expect(model);
      int capacity = CHUNKS.get(CHUNKS.size() - 1) + STEPS;
      this.rows = Tensors.floats((long) capacity * model.hiddenSize());
      for (int i = 0; i < rows.capacity(); i++) {
        rows.put(i, (i % 31 - 15) / 64f);
      }
      this.mask = Tensors.longs((long) sequences * capacity);
      for (int i = 0; i < mask.capacity(); i++) {
        mask.put(i, 1);
      }
      FloatBuffer logits = Tensors.floats((long) sequences * model.vocabulary());
      outputs.put("logits", Tensors.over(logits, sequences, 1, model.vocabulary()));
      long heads = model.kvHeads();
      for (int layer = 0; layer < model.layers(); layer++) {
        for (String part : DecoderGraphs.CACHE_PARTS) {
          OnnxTensor tensor =
              Tensors.over(
                  Tensors.bytes(sequences * heads * capacity * model.headSize() * type.size),
                  type,
                  sequences,
                  heads,
                  capacity,
                  model.headSize());
          cache.put(DecoderGraphs.past(layer, part), tensor);
          outputs.put(DecoderGraphs.present(layer, part), tensor);
        }
      }
    }

    /** Reads positions of each sequence behind others; returns the seconds that it took. */
    double run(int past, int count) throws OrtException {
      Map<String, OnnxTensor> inputs = new LinkedHashMap<>(cache);
      long start = clock.getAsLong();
      try (OnnxTensor embeddings = Tensors.over(rows, sequences, count, model.hiddenSize());
          OnnxTensor seen = Tensors.over(mask, sequences, past + count)) {
        inputs.put("inputs_embeds", embeddings);
        inputs.put("attention_mask", seen);
        graph.run(inputs, outputs, options);
      }
      return (clock.getAsLong() - start) * NANO;
    }

    @Override
    public void close() {
      outputs.values().forEach(OnnxTensor::close);
      options.close();
    }
  }

  @Override
  public Measurement decoder(String name) {
    try (Graph graph = Graph.load(folder, name, sessions);
        Trial trial = new Trial(graph, 1);
        Trial several = new Trial(graph, TOGETHER)) {
      trial.run(0, CHUNKS.get(0)); // the first run reads the weights from disk
      double most = 0;
      int chunk = CHUNKS.get(0);
      for (int length : CHUNKS) {
        if (most > 0 && length / most > PATIENCE) {
          break;
        }
        double speed = length / fastest(trial, 0, length, REPEATS);
        if (speed > most) {
          most = speed;
          chunk = length;
        }
      }
      double step = fastest(trial, CHUNKS.get(0), 1, STEPS);
      double together = fastest(several, CHUNKS.get(0), 1, STEPS);
      return new Measurement(name, chunk, most, 1 / step, TOGETHER / together, 0);
    } catch (OrtException e) {
      throw folder.failed(e);
    }
  }

  /** Returns the seconds of the fastest of several runs, fewer where they take long. */
  private static double fastest(Trial trial, int past, int count, int repeats) throws OrtException {
    double least = Double.MAX_VALUE;
    double sum = 0;
    for (int i = 0; i < repeats && sum < PATIENCE; i++) {
      double seconds = Math.max(trial.run(past, count), NANO);
      sum += seconds;
      least = Math.min(least, seconds);
    }
    return least;
  }

  @Override
  public Measurement vision(String name) {
    ModelDescription model = folder.description();
    int side = model.imageSide();
    FloatBuffer pixels = Tensors.floats(3L * side * side);
    try (Graph graph = Graph.load(folder, name, sessions);
        RunOptions options = new RunOptions()) {
      Vision vision = new Vision(graph, model, options);
      double least = Double.MAX_VALUE;
      double sum = 0;
      for (int i = 0; i <= REPEATS && sum < PATIENCE; i++) {
        long start = clock.getAsLong();
        vision.look(pixels);
        double seconds = (clock.getAsLong() - start) * NANO;
        sum += seconds;
        least = Math.min(least, seconds);
      }
      return new Measurement(name, 0, 0, 0, 0, least);
    } catch (OrtException e) {
      throw folder.failed(e);
    }
  }
}
