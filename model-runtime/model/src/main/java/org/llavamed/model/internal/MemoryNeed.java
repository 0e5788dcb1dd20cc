package org.llavamed.model.internal;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * The memory that a model takes, in bytes, estimated from the sizes of its files before anything is
 * loaded.
 *
 * @param weights of the graphs that are run, as they lie in memory
 * @param mapped whether the weights are pages of files, which the system may give up
 * @param cachePerPosition key-value cache of one position
 * @param positions that the key-value cache has room for
 * @param working numbers between the layers, and what the process takes itself
 */
record MemoryNeed(
    long weights, boolean mapped, long cachePerPosition, int positions, long working) {
  /** What the Java virtual machine, the bundles and the natives take. */
  private static final long PROCESS = 192L << 20;

  /** Numbers of the hidden size that are alive at once for each position of a run. */
  private static final long ALIVE = 64;

  /** Positions of one run. */
  private static final long RUN = 256;

  private static final double GIGA = 1e9;

  /**
   * Estimates the need.
   *
   * @param decoders that are run, each once
   * @param vision bytes that the vision tower's weights take
   * @param positions that the key-value cache has room for
   */
  static MemoryNeed of(
      ModelDescription model, Collection<DecoderFile> decoders, long vision, int positions) {
    long weights = vision;
    int number = 0;
    for (DecoderFile decoder : decoders) {
      weights += decoder.memory();
      number = Math.max(number, decoder.cacheNumberBytes());
    }
    long cache = 2L * model.layers() * model.kvHeads() * model.headSize() * number;
    long working = PROCESS + ALIVE * RUN * model.hiddenSize() * Float.BYTES;
    return new MemoryNeed(weights, false, cache, positions, working);
  }

  /**
   * Returns the bytes that the weights of a graph take in memory: ONNX Runtime packs them anew. Of
   * 4-bit weights it keeps two float32 a block beside the numbers, a quarter more with blocks of
   * 32; graphs in 16-bit floating point are converted to float32 where they run on the CPU.
   */
  static long ofWeights(ModelFolder folder, String graph, boolean cuda) {
    long bytes = folder.weightBytes(graph);
    if (graph.endsWith("_q4.onnx")) {
      return bytes + bytes / 4;
    }
    boolean converted = !cuda && graph.endsWith("_fp16.onnx");
    return (converted ? 2 : 1) * (bytes + bytes / 20);
  }

  /** Returns the same with weights that lie in files as they are used. */
  MemoryNeed withMappedWeights() {
    return new MemoryNeed(weights, true, cachePerPosition, positions, working);
  }

  /** Returns the bytes of the key-value cache. */
  long cache() {
    return cachePerPosition * positions;
  }

  /** Returns all bytes together. */
  long peak() {
    return weights + cache() + working;
  }

  /** Returns the bytes that must be there: all but those that the system may give up. */
  long least() {
    return mapped ? cache() + working : peak();
  }

  boolean fits(Memory memory) {
    return least() <= memory.available();
  }

  /** Returns why the model cannot be loaded; absent where it can. */
  Optional<String> obstacle(Memory memory) {
    return fits(memory)
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "needs about %s of memory (weights %s, key-value cache of %d positions %s), %s of %s"
                    + " are available",
                gigabytes(least()),
                gigabytes(weights),
                positions,
                gigabytes(cache()),
                gigabytes(memory.available()),
                gigabytes(memory.total())));
  }

  static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.2f GB", bytes / GIGA);
  }
}
