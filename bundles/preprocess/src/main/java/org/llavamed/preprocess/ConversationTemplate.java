package org.llavamed.preprocess;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.llavamed.inference.ModelException;

/**
 * How questions, the first of them about a picture, and their answers are written for a language
 * model. The texts are those of the original code (microsoft/LLaVA-Med), with the system texts that
 * its models were trained with. The start token is not part of a text: it is put before it by its
 * id.
 */
public enum ConversationTemplate {
  /** LLaVA-Med v1.5: instruction brackets, no system text, an end token behind the answer. */
  MISTRAL_INSTRUCT("mistral_instruct", new Form("", "[INST] ", " [/INST]", " ", " ", "</s>")),
  /** Vicuna's: named speakers on one line, an end token behind the answer. */
  VICUNA_V1(
      "vicuna_v1", new Form(Form.system("user") + " ", "USER: ", " ASSISTANT:", " ", "", "</s>")),
  /** LLaVA-Med v1.0 as it was trained: headings with blanks, the next heading ends the answer. */
  V1_TRAINED(
      "llava_med_v1_trained",
      new Form(
          Form.system("human") + "\n\n### ", "Human: ", "\n### Assistant:", " ", "", "\n### ")),
  /**
   * LLaVA-Med v1.0 as its evaluation was released: headings without blanks, a greeting before the
   * question, the picture behind it, and no cue for the answer.
   */
  V1_RELEASED(
      "llava_med_v1_released",
      new Form(
          Form.system("human")
              + "###Human: Hi!###Assistant: Hi there!  How can I help you today?\n###",
          "Human: ",
          "###",
          "Assistant: ",
          "",
          "###")),
  /** The question as it is, for models of text that were not trained for conversations. */
  PLAIN("plain", new Form("", "", "", "", "", ""));

  private final String label;
  private final String opening;
  private final String question;
  private final String cue;
  private final String answer;
  private final String close;
  private final String end;

  /**
   * The texts around a conversation's turns.
   *
   * @param opening before the first question's heading
   * @param question before every question
   * @param cue behind every question
   * @param answer before every answer
   * @param close behind every answer, before the end
   * @param end what ends every answer
   */
  private record Form(
      String opening, String question, String cue, String answer, String close, String end) {
    static String system(String asker) {
      return ("A chat between a curious %s and an artificial intelligence assistant. The assistant"
              + " gives helpful, detailed, and polite answers to the %s's questions.")
          .formatted(asker, asker);
    }
  }

  ConversationTemplate(String label, Form form) {
    this.label = label;
    this.opening = form.opening();
    this.question = form.question();
    this.cue = form.cue();
    this.answer = form.answer();
    this.close = form.close();
    this.end = form.end();
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
   * @param pictureSlot what stands for the picture: the picture token, as often as the picture has
   *     positions, with what stands around it; empty without a picture. On a line of its own before
   *     the question (in {@link #V1_RELEASED} behind it)
   * @param asked the question
   */
  public String prompt(String pictureSlot, String asked) {
    return opening + ask(pictureSlot, asked);
  }

  private String ask(String pictureSlot, String asked) {
    if (pictureSlot.isEmpty()) {
      return question + asked + cue;
    }
    boolean behind = this == V1_RELEASED;
    return question + (behind ? asked + "\n" + pictureSlot : pictureSlot + "\n" + asked) + cue;
  }

  /** Returns the text of an answer as it follows the prompt, without its end. */
  public String answer(String given) {
    return answer + given;
  }

  /**
   * Returns the text that ends an answer: the name of the end token, or a heading; may be empty.
   */
  public String end() {
    return end;
  }

  /**
   * A question and its answer.
   *
   * @param question without picture slot
   * @param answer without end
   */
  public record Turn(String question, String answer) {}

  /**
   * A part of a conversation's text.
   *
   * @param text the part
   * @param answer whether the model has to learn to write it: an answer with its end; else it is
   *     what the model is given
   */
  public record Segment(String text, boolean answer) {}

  /**
   * Returns a whole conversation, as a model is trained with it: for each turn what is given and,
   * with its end, what is learned. The texts joined are the original's.
   *
   * @param pictureSlot as in {@link #prompt}; shown with the first question
   */
  public List<Segment> conversation(String pictureSlot, List<Turn> turns) {
    List<Segment> segments = new ArrayList<>();
    for (Turn turn : turns) {
      boolean first = segments.isEmpty();
      String asked = ask(first ? pictureSlot : "", turn.question());
      segments.add(new Segment(first ? opening + asked : asked, false));
      segments.add(new Segment(answer(turn.answer()) + close + end, true));
    }
    return List.copyOf(segments);
  }
}
