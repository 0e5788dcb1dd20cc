package org.llavamed.importer.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.llavamed.inference.ModelException;
import org.llavamed.preprocess.AddedToken;

/** The tokens that a checkpoint adds to its SentencePiece model's. */
final class AddedTokens {
  private static final String CONFIG = "tokenizer_config.json";
  private static final String OLD = "added_tokens.json";

  private AddedTokens() {}

  /**
   * Returns them by rising ids: those of added_tokens_decoder in tokenizer_config.json (id to text
   * and flags), and what added_tokens.json (text to id) has beside them. The latter says nothing of
   * flags, its tokens are special.
   *
   * @throws ModelException if an entry is not of this form
   */
  static List<AddedToken> of(Path checkpoint) {
    Map<Integer, AddedToken> tokens = new TreeMap<>();
    Path old = checkpoint.resolve(OLD);
    if (Files.isRegularFile(old)) {
      for (Map.Entry<String, JsonNode> entry : Json.object(old).properties()) {
        put(tokens, old, entry.getKey(), entry.getValue().asText(), Json.object());
      }
    }
    Path config = checkpoint.resolve(CONFIG);
    if (Files.isRegularFile(config)) {
      JsonNode decoder = Json.object(config).path("added_tokens_decoder");
      for (Map.Entry<String, JsonNode> entry : decoder.properties()) {
        String content = entry.getValue().path("content").asText("");
        put(tokens, config, content, entry.getKey(), entry.getValue());
      }
    }
    return List.copyOf(tokens.values());
  }

  /** Returns whether a text begins with the start token: add_bos_token of tokenizer_config.json. */
  static boolean begin(Path checkpoint) {
    Path config = checkpoint.resolve(CONFIG);
    return !Files.isRegularFile(config)
        || Json.object(config).path("add_bos_token").asBoolean(true);
  }

  private static void put(
      Map<Integer, AddedToken> tokens, Path file, String content, String id, JsonNode flags) {
    if (content.isEmpty() || !id.matches("\\d{1,9}")) {
      throw ModelException.invalid(
          file,
          "the added token '%s' has the id %s, expected a text and a whole number"
              .formatted(content, id.isEmpty() ? "(none)" : id),
          "Take the tokenizer files of one checkpoint");
    }
    int number = Integer.parseInt(id);
    tokens.put(
        number,
        new AddedToken(
            number,
            content,
            flags.path("special").asBoolean(true),
            flags.path("lstrip").asBoolean(false),
            flags.path("rstrip").asBoolean(false)));
  }
}
