package org.llavamed.annotation;

import java.util.List;
import java.util.Optional;

/**
 * What is asked of the pictures of a study.
 *
 * @param name name, at most 64 characters
 * @param version version of the protocol
 * @param sha256 hash of the protocol's content, 64 hexadecimal digits
 * @param frames how many evenly spread pictures are read of a series or of a multi-frame object, at
 *     least 1
 * @param questions at least one
 */
public record Protocol(
    String name, String version, String sha256, int frames, List<ProtocolQuestion> questions) {
  public Protocol {
    questions = List.copyOf(questions);
    if (questions.isEmpty() || frames < 1 || name.isBlank() || name.length() > 64) {
      throw new IllegalArgumentException(
          "A protocol needs a name of 1 to 64 characters, at least one question and at least one frame; found"
              + " name '%s', %d questions, %d frames".formatted(name, questions.size(), frames));
    }
  }

  /**
   * One question.
   *
   * @param id unique within the protocol
   * @param text what is asked
   * @param code what the question is about, where a catalogue has a code for it
   * @param choices the closed set of answers; empty for a free answer
   * @param modalities Modality values that it applies to; empty for all
   * @param bodyParts Body Part Examined values that it applies to; empty for all
   * @param frames overrides {@link Protocol#frames} for this question
   */
  public record ProtocolQuestion(
      String id,
      String text,
      Optional<Code> code,
      List<Choice> choices,
      List<String> modalities,
      List<String> bodyParts,
      Optional<Integer> frames) {
    public ProtocolQuestion {
      choices = List.copyOf(choices);
      modalities = List.copyOf(modalities);
      bodyParts = List.copyOf(bodyParts);
    }
  }

  /**
   * One of the answers of a closed question.
   *
   * @param text as the model would write it
   * @param code the coded answer, where there is one
   */
  public record Choice(String text, Optional<Code> code) {}
}
