package org.llavamed.inference;

import java.util.List;

/**
 * What is asked of a picture.
 *
 * @param question the text, without picture slot and template
 * @param choices the closed set of answers; empty for a free answer
 * @param maxNewTokens most tokens of a free answer, at least 1
 */
public record Query(String question, List<String> choices, int maxNewTokens) {
  /** Most tokens of a free answer where nothing is said. */
  public static final int DEFAULT_MAX_NEW_TOKENS = 128;

  public Query {
    if (question.isBlank()) {
      throw new IllegalArgumentException(
          "The question is blank; write what is asked of the picture.");
    }
    if (maxNewTokens < 1) {
      throw new IllegalArgumentException(
          "maxNewTokens is " + maxNewTokens + ", expected 1 or more");
    }
    choices = List.copyOf(choices);
  }

  /** A question with a free answer. */
  public static Query open(String question) {
    return new Query(question, List.of(), DEFAULT_MAX_NEW_TOKENS);
  }
}
