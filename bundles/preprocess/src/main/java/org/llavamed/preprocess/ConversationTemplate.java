package org.llavamed.preprocess;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.llavamed.inference.ModelException;

/**
 * How a question about one picture, and its answer, are written for a language model. The start
 * token is not part of the text: it is put before the prompt by its id.
 */
public enum ConversationTemplate {
  /** LLaVA-Med v1.5: instruction brackets, no system text, an end token behind the answer. */
  MISTRAL_INSTRUCT("mistral_instruct", "[INST] ", " [/INST]", " ", "</s>"),
  /** Vicuna's: named speakers on one line, an end token behind the answer. */
  VICUNA_V1("vicuna_v1", " USER: ", " ASSISTANT:", " ", "</s>"),
  /** LLaVA-Med v1.0 as it was trained: headings with blanks, the next heading ends the answer. */
  V1_TRAINED("llava_med_v1_trained", "\n\n### Human: ", "\n### Assistant:", " ", "\n### "),
  /** LLaVA-Med v1.0 as its evaluation was released: no blanks, and no cue for the answer. */
  V1_RELEASED("llava_med_v1_released", "###Human:", "###", "Assistant:", "###");

  private final String label;
  private final String beforeQuestion;
  private final String afterQuestion;
  private final String beforeAnswer;
  private final String end;

  ConversationTemplate(
      String label, String beforeQuestion, String afterQuestion, String beforeAnswer, String end) {
    this.label = label;
    this.beforeQuestion = beforeQuestion;
    this.afterQuestion = afterQuestion;
    this.beforeAnswer = beforeAnswer;
    this.end = end;
  }

  /**
   * Returns the template of a name as model folders write it.
   *
   * @throws ModelException if there is no such template
   */
  public static ConversationTemplate named(String name) {
    for (ConversationTemplate template : values()) {
      if (template.label.equals(name)) {
        return template;
      }
    }
    throw ModelException.invalid(
        "template",
        "is '"
            + name
            + "', expected one of "
            + Arrays.stream(values())
                .map(ConversationTemplate::label)
                .collect(Collectors.joining(", ")),
        "Import the checkpoint with a template that is known");
  }

  /** Returns the name as model folders write it. */
  public String label() {
    return label;
  }

  /**
   * Returns the text that ends where the model's answer begins.
   *
   * @param system what the model is told about its part; empty for none
   * @param pictureSlot what stands for the picture: the picture token, as often as the picture has
   *     positions; on a line of its own before the question. Empty for a question without a picture
   */
  public String prompt(String system, String pictureSlot, String question) {
    String line = pictureSlot.isEmpty() ? "" : pictureSlot + "\n";
    String opening = system + beforeQuestion + line + question + afterQuestion;
    return system.isEmpty() ? opening.stripLeading() : opening;
  }

  /** Returns the text of an answer as it follows the prompt, without its end. */
  public String answer(String answer) {
    return beforeAnswer + answer;
  }

  /** Returns the text that ends an answer: the name of the end token, or a heading. */
  public String end() {
    return end;
  }
}
