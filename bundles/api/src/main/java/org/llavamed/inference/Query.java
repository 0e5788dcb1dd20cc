package org.llavamed.inference;

import java.util.List;

/**
 * What is asked of a picture. An answer that a JSON schema orders ends by itself: texts that end an
 * answer would cut it and are refused.
 *
 * @param question the text, without picture slot and template
 * @param choices the closed set of answers; empty for a free answer
 * @param jsonSchema JSON schema that a free answer obeys; empty for plain text
 * @param generation how a free answer is generated
 */
public record Query(
    String question, List<String> choices, String jsonSchema, Generation generation) {
  public Query {
    if (question.isBlank()) {
      throw new IllegalArgumentException(
          "The question is blank; write what is asked of the picture.");
    }
    choices = List.copyOf(choices);
    if (!choices.isEmpty() && !jsonSchema.isEmpty()) {
      throw new IllegalArgumentException(
          "A question has choices or a JSON schema, not both; leave one out.");
    }
    if (!jsonSchema.isEmpty() && !generation.stopTexts().isEmpty()) {
      throw new IllegalArgumentException(
          "A question has a JSON schema or texts that end the answer, not both; leave one out.");
    }
  }

  /**
   * A question with a closed set of answers.
   *
   * @param choices at least one
   */
  public static Query choice(String question, List<String> choices) {
    if (choices.isEmpty()) {
      throw new IllegalArgumentException(
          "The question has no choices; give one or more, or ask an open question.");
    }
    return new Query(question, choices, "", Generation.GREEDY);
  }

  /** A question with a free answer, greedy. */
  public static Query open(String question) {
    return open(question, Generation.GREEDY);
  }

  /** A question with a free answer. */
  public static Query open(String question, Generation generation) {
    return new Query(question, List.of(), "", generation);
  }
}
