package org.llavamed.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * Tokens that frame prompts and answers.
 *
 * @param begin id that begins a prompt
 * @param ends ids that end an answer
 */
public record SpecialTokens(int begin, List<Integer> ends) {
  public SpecialTokens {
    ends = List.copyOf(ends);
  }

  /** Takes them from generation_config.json, else from config.json, else 1 and 2. */
  public static SpecialTokens of(JsonNode generation, JsonNode config) {
    JsonNode text = config.path("text_config");
    int configured = text.path("bos_token_id").asInt(config.path("bos_token_id").asInt(1));
    return new SpecialTokens(
        generation.path("bos_token_id").asInt(configured), ends(generation, text, config));
  }

  /** Returns these, with the tokens that the tokenizer's own files name in the first place. */
  public SpecialTokens with(TokenizerFile tokenizer) {
    List<Integer> all =
        IntStream.concat(tokenizer.end().stream(), ends.stream().mapToInt(Integer::intValue))
            .distinct()
            .boxed()
            .toList();
    return new SpecialTokens(tokenizer.begin().orElse(begin), all);
  }

  private static List<Integer> ends(JsonNode... configs) {
    for (JsonNode config : configs) {
      JsonNode ids = config.path("eos_token_id");
      if (ids.isInt()) {
        return List.of(ids.intValue());
      }
      if (ids.isArray() && !ids.isEmpty()) {
        return StreamSupport.stream(ids.spliterator(), false).map(JsonNode::asInt).toList();
      }
    }
    return List.of(2);
  }
}
