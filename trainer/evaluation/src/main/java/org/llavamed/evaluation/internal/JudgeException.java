package org.llavamed.evaluation.internal;

import org.llavamed.command.Explained;

/**
 * A judge cannot be asked, or gives no verdict: one sentence that says what was found, what was
 * expected and what to do.
 */
final class JudgeException extends RuntimeException implements Explained {
  private static final long serialVersionUID = 1L;

  private final boolean ofOneAnswer;

  private JudgeException(String message, boolean ofOneAnswer) {
    super(message.replaceAll("\\p{Cc}", " "));
    this.ofOneAnswer = ofOneAnswer;
  }

  /** The judge cannot be asked at all. */
  static JudgeException unusable(Object where, String found, String advice) {
    return new JudgeException("%s: %s. %s.".formatted(where, found, advice), false);
  }

  /** The judge gives no verdict on one answer; others may be judged. */
  static JudgeException noVerdict(String found) {
    return new JudgeException(found, true);
  }

  /** Returns whether other answers may be judged. */
  boolean isOfOneAnswer() {
    return ofOneAnswer;
  }
}
