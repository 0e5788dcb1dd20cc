package org.llavamed.data;

/** Whether a question offers its answers. */
public enum AnswerType {
  /** A free answer. */
  OPEN,
  /** Yes or no, or one of the things that the question names. */
  CLOSED
}
