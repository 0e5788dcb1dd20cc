package org.llavamed.model.internal;

import ai.onnxruntime.OnnxJavaType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavamed.inference.ModelException;

/**
 * The graphs of one language model: both read and write the same key-value cache, so that one may
 * go on where the other ended.
 *
 * @param prefill reads prompts, many positions a run
 * @param step reads one position of a sequence a run; may be the same graph
 * @param wide sequences from which on the graph of prompts also reads their next positions
 */
record DecoderGraphs(Graph prefill, Graph step, int wide) {
  static final List<String> CACHE_PARTS = List.of("key", "value");

  /**
   * Checks that both graphs are of the model, and returns the type of the cache's numbers.
   *
   * @return 32- or 16-bit floating point
   * @throws ModelException if a graph has other inputs or outputs, or the two have caches of
   *     different types
   */
  OnnxJavaType expect(ModelDescription model) {
    long hidden = model.hiddenSize();
    Map<String, long[]> inputs = new LinkedHashMap<>();
    Map<String, long[]> results = new LinkedHashMap<>();
    inputs.put("inputs_embeds", new long[] {-1, -1, hidden});
    inputs.put("attention_mask", new long[] {-1, -1});
    results.put("logits", new long[] {-1, -1, model.vocabulary()});
    for (int layer = 0; layer < model.layers(); layer++) {
      for (String part : CACHE_PARTS) {
        long[] shape = {-1, model.kvHeads(), -1, model.headSize()};
        inputs.put(past(layer, part), shape);
        results.put(present(layer, part), shape);
      }
    }
    prefill.expect(inputs, results);
    step.expect(inputs, results);
    OnnxJavaType type = prefill.inputType(past(0, "key"));
    OnnxJavaType other = step.inputType(past(0, "key"));
    if (type != other || (type != OnnxJavaType.FLOAT && type != OnnxJavaType.FLOAT16)) {
      throw ModelException.invalid(
          step.file(),
          "has a cache of type %s, expected the one of %s, %s, and FLOAT or FLOAT16"
              .formatted(other, prefill.file().getFileName(), type),
          "Import the checkpoint again with 'llavamed model import'");
    }
    return type;
  }

  /** Returns the graph that reads the next position of each of so many sequences. */
  Graph step(int sequences) {
    return sequences < wide ? step : prefill;
  }

  static String past(int layer, String part) {
    return "past_key_values." + layer + "." + part;
  }

  static String present(int layer, String part) {
    return "present." + layer + "." + part;
  }
}
