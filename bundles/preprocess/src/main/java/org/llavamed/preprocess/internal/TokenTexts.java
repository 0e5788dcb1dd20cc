package org.llavamed.preprocess.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * The tokens that a tokenizer.json lists, by id, as it writes them, and its decoder. Merges, which
 * are most of the file, are skipped.
 */
public final class TokenTexts {
  /** Highest id that is read, exclusive; the largest vocabularies in use have 262,144 tokens. */
  public static final int MOST = 1 << 22;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<Integer, String> texts = new HashMap<>();
  private final BitSet added = new BitSet();
  private final BitSet special = new BitSet();
  private JsonNode decoder = MissingNode.getInstance();

  private TokenTexts() {}

  /**
   * Reads the text of a tokenizer.json.
   *
   * @throws JsonProcessingException if it is no JSON
   * @throws IllegalStateException if an id is out of range
   */
  public static TokenTexts read(String json) throws JsonProcessingException {
    TokenTexts tokens = new TokenTexts();
    try (JsonParser parser = JSON.createParser(json)) {
      tokens.readObject(parser, "");
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory cannot fail to be read", e);
    }
    return tokens;
  }

  /** Reads the top level and, below the path {@code model}, the model. */
  private void readObject(JsonParser parser, String path) throws IOException {
    if (path.isEmpty() && parser.nextToken() != JsonToken.START_OBJECT) {
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = path + parser.currentName();
      JsonToken value = parser.nextToken();
      switch (key) {
        case "decoder" -> decoder = JSON.readTree(parser);
        case "added_tokens" -> JSON.<JsonNode>readTree(parser).forEach(this::addAdded);
        case "model" -> {
          if (value == JsonToken.START_OBJECT) {
            readObject(parser, "model.");
          }
        }
        case "model.vocab" -> readVocabulary(parser, value);
        default -> parser.skipChildren();
      }
    }
  }

  /** Text to id, or, of a Unigram model, a list of text and score. */
  private void readVocabulary(JsonParser parser, JsonToken start) throws IOException {
    if (start == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String text = parser.currentName();
        parser.nextToken();
        texts.put(id(parser.getValueAsLong(-1)), text);
      }
    } else if (start == JsonToken.START_ARRAY) {
      int id = 0;
      while (parser.nextToken() == JsonToken.START_ARRAY) {
        JsonNode entry = JSON.readTree(parser);
        texts.put(id(id++), entry.path(0).asText());
      }
    }
  }

  private void addAdded(JsonNode token) {
    int id = id(token.path("id").asLong(-1));
    texts.put(id, token.path("content").asText());
    added.set(id);
    special.set(id, token.path("special").asBoolean());
  }

  private static int id(long id) {
    if (id < 0 || id >= MOST) {
      throw new IllegalStateException("a token's id is " + id + ", expected 0 to " + (MOST - 1));
    }
    return (int) id;
  }

  /** Returns the texts by id; ids may be missing. */
  public Map<Integer, String> texts() {
    return texts;
  }

  /** Returns whether a token was added to the model's own. */
  public boolean isAdded(int id) {
    return added.get(id);
  }

  /** Returns whether a token is left out of a text. */
  public boolean isSpecial(int id) {
    return special.get(id);
  }

  /** Returns the decoder; missing or null where there is none. */
  public JsonNode decoder() {
    return decoder;
  }
}
