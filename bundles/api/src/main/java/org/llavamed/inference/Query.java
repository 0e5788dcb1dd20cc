package org.llavamed.inference;

import java.util.List;

/**
 * What is asked of a picture.
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
  }

  /** A question with a closed set of answers. */
  public static Query choice(String question, List<String> choices) {
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
