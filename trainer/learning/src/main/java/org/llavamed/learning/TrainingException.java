package org.llavamed.learning;

import org.llavamed.command.Explained;

/**
 * A recipe, a checkpoint or a run of training is wrong: one sentence that says where, what was
 * found, what was expected and what to do.
 */
public final class TrainingException extends RuntimeException implements Explained {
  private static final long serialVersionUID = 1L;

  private TrainingException(String message) {
    super(message);
  }

  private TrainingException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Something is wrong.
   *
   * @param where file, folder, key or step
   * @param found what is wrong, with found and expected
   * @param advice what to do, as an imperative
   */
  public static TrainingException invalid(Object where, String found, String advice) {
    return new TrainingException("%s: %s. %s.".formatted(where, found, advice));
  }

  /** As {@link #invalid(Object, String, String)}, with the error that revealed it. */
  public static TrainingException invalid(
      Object where, String found, String advice, Throwable cause) {
    return new TrainingException("%s: %s. %s.".formatted(where, found, advice), cause);
  }
}
