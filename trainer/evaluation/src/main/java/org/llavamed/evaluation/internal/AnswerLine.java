package org.llavamed.evaluation.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalDouble;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.data.VqaQuestion;

/**
 * One line of an answer file, with the keys of the published ones.
 *
 * @param questionId {@code question_id}
 * @param prompt {@code prompt}: the question as it was asked
 * @param text {@code text}: the answer
 * @param model {@code model_id}; empty where the file has none
 * @param setting {@code metadata.setting}: what was asked how; empty where the file has none
 * @param picture {@code metadata.picture}: hash of the picture that was shown; empty where the file
 *     has none
 * @param probability {@code metadata.probability}: of the answer, 0 to 1
 */
record AnswerLine(
    String questionId,
    String prompt,
    String text,
    String model,
    String setting,
    String picture,
    OptionalDouble probability) {
  private static final String QUESTION_ID = "question_id";
  private static final String PROMPT = "prompt";
  private static final String TEXT = "text";
  private static final String MODEL_ID = "model_id";
  private static final String METADATA = "metadata";
  private static final String SETTING = "setting";
  private static final String PICTURE = "picture";
  private static final String PROBABILITY = "probability";

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException if a key is missing; the message names it
   */
  static AnswerLine of(JsonNode json) {
    JsonNode metadata = json.path(METADATA);
    JsonNode probability = metadata.path(PROBABILITY);
    return new AnswerLine(
        value(json, QUESTION_ID),
        value(json, PROMPT),
        value(json, TEXT),
        json.path(MODEL_ID).asText(),
        metadata.path(SETTING).asText(),
        metadata.path(PICTURE).asText(),
        probability.isNumber()
            ? OptionalDouble.of(probability.asDouble())
            : OptionalDouble.empty());
  }

  private static String value(JsonNode json, String key) {
    JsonNode value = json.path(key);
    if (!value.isTextual() && !value.isNumber()) {
      throw new IllegalArgumentException("the key '%s' has no text".formatted(key));
    }
    return value.asText();
  }

  /** Returns the line as it is written. */
  ObjectNode json() {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put(QUESTION_ID, questionId).put(PROMPT, prompt).put(TEXT, text).put(MODEL_ID, model);
    ObjectNode metadata = line.putObject(METADATA).put(SETTING, setting).put(PICTURE, picture);
    probability.ifPresent(value -> metadata.put(PROBABILITY, value));
    metadata.put("notice", ResearchMark.NOTICE);
    return line;
  }

  /** Returns whether it answers a question: the id alone says nothing. */
  boolean isOf(VqaQuestion question) {
    return questionId.equals(question.id())
        && QuestionText.of(prompt).equals(QuestionText.of(question.question()));
  }
}
