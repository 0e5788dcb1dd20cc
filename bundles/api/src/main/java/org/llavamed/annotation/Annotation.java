package org.llavamed.annotation;

import java.util.List;
import java.util.Optional;
import org.llavamed.annotation.Protocol.ProtocolQuestion;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.RenderedFrame;
import org.llavamed.inference.Answer;
import org.llavamed.inference.ModelCard;

/**
 * Everything that a model said about one study under one protocol.
 *
 * @param studyInstanceUid Study Instance UID as in the source
 * @param protocol what was asked
 * @param model what answered
 * @param selectionRule how the pictures were chosen, in words, for example {@code evenly spread: 3
 *     of 20}
 * @param readings one for each picture read, at least one, in the order of series and position
 */
public record Annotation(
    String studyInstanceUid,
    Protocol protocol,
    ModelCard model,
    String selectionRule,
    List<Reading> readings) {
  public Annotation {
    readings = List.copyOf(readings);
    if (readings.isEmpty()) {
      throw new IllegalArgumentException("An annotation needs at least one picture that was read.");
    }
  }

  /** Returns the attributes that study-level values are copied from: the first picture's. */
  public Attributes source() {
    return readings.get(0).object().attributes();
  }

  /**
   * One picture and what was said about it.
   *
   * @param object the object that the picture comes from
   * @param frame frame, from 0
   * @param frames frames of the object, at least 1; a frame number is referenced only where there
   *     are several
   * @param rendered the picture as the model was given it, before its own resizing
   * @param findings the answers, in the order of the protocol
   */
  public record Reading(
      DicomObject object, int frame, int frames, RenderedFrame rendered, List<Finding> findings) {
    public Reading {
      findings = List.copyOf(findings);
    }
  }

  /**
   * A question and its answer.
   *
   * @param question as in the protocol
   * @param answer what the model said
   */
  public record Finding(ProtocolQuestion question, Answer answer) {
    /**
     * Returns the code of the choice that was taken, where the question is closed and the choice
     * has one.
     */
    public Optional<Code> code() {
      return question.choices().stream()
          .filter(choice -> choice.text().equals(answer.text()))
          .findFirst()
          .flatMap(Protocol.Choice::code);
    }
  }
}
