package org.llavamed.model.internal;

import java.util.List;
import java.util.Optional;
import org.llavamed.inference.Diagnosis.Measurement;

/**
 * The graphs of a model folder that are run.
 *
 * @param vision the vision tower; absent of text models
 * @param prefill reads prompts
 * @param step reads an answer's tokens, one at a time; may be the same graph
 * @param reason why these, without full stop
 * @param measurements what was measured on this machine; empty where there was nothing to choose
 */
record GraphChoice(
    Optional<String> vision,
    DecoderFile prefill,
    DecoderFile step,
    String reason,
    List<Measurement> measurements) {
  /** Positions that are read in one run where nothing was measured. */
  private static final int CHUNK = 256;

  /**
   * Sequences from which on the graph of prompts reads their next positions too, where it is the
   * faster one for several: 4-bit weights are read with less memory traffic, which counts for a
   * single row, 8-bit ones are multiplied faster. One perceptron of the 1.1 B shape on two cores
   * with AMX: 1 row 0.75 against 1.3 ms, 8 rows 3.9 against 2.0 ms; with 4 rows the two are equal.
   */
  private static final int WIDE = 5;

  GraphChoice {
    measurements = List.copyOf(measurements);
  }

  /** Returns how many positions of a prompt are read in one run: what was measured fastest. */
  int chunk() {
    return measured(prefill).map(Measurement::chunk).orElse(CHUNK);
  }

  /**
   * Returns from how many sequences on the graph of prompts reads their next positions too. Where
   * nothing was measured it is taken for the faster one.
   */
  int wide() {
    Optional<Measurement> prompts = measured(prefill);
    Optional<Measurement> steps = measured(step);
    boolean faster =
        prompts.isEmpty()
            || steps.isEmpty()
            || prompts.get().togetherTokensPerSecond() >= steps.get().togetherTokensPerSecond();
    return faster ? WIDE : Integer.MAX_VALUE;
  }

  private Optional<Measurement> measured(DecoderFile file) {
    return measurements.stream().filter(found -> found.graph().equals(file.name())).findFirst();
  }

  /** Returns the same without a tower. */
  GraphChoice withoutVision() {
    return new GraphChoice(Optional.empty(), prefill, step, reason, measurements);
  }

  /** Returns the language model's graphs, each once. */
  List<DecoderFile> decoders() {
    return prefill.equals(step) ? List.of(prefill) : List.of(prefill, step);
  }
}
