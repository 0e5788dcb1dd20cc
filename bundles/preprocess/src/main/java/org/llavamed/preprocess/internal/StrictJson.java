package org.llavamed.preprocess.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Finds the errors of JSON at which the native tokenizers would not fail but end the process: they
 * take some of them, inside the description of a decoder for one, for impossible.
 */
public final class StrictJson {
  /** Deepest nesting; the native parser stops at 128. */
  private static final int DEEPEST = 100;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
          .build();

  private StrictJson() {}

  /**
   * Checks that a text is one JSON value without numbers beyond double precision and without half
   * characters.
   *
   * @throws JsonProcessingException if it is not
   */
  public static void check(String text) throws JsonProcessingException {
    try (JsonParser parser = JSON.createParser(text)) {
      int depth = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        check(parser, token);
        if (depth == 0 && parser.nextToken() != null) {
          throw new JsonParseException(parser, "Something follows the JSON value");
        }
      }
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory cannot fail to be read", e);
    }
  }

  private static void check(JsonParser parser, JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_NUMBER_FLOAT && !Double.isFinite(parser.getDoubleValue())) {
      throw new JsonParseException(parser, "Number out of range: " + parser.getText());
    }
    if ((token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME)
        && !StandardCharsets.UTF_8.newEncoder().canEncode(parser.getText())) {
      throw new JsonParseException(parser, "Half a character (a lone surrogate) in a string");
    }
  }
}
