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

  GraphChoice {
    measurements = List.copyOf(measurements);
  }

  /** Returns how many positions of a prompt are read in one run: what was measured fastest. */
  int chunk() {
    return measurements.stream()
        .filter(found -> found.graph().equals(prefill.name()))
        .findFirst()
        .map(Measurement::chunk)
        .orElse(CHUNK);
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
