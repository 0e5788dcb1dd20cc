package org.llavamed.engine;

/**
 * The tensor library is missing, cannot do what it was asked for, or ran out of memory: one
 * sentence that says where, what was found and what to do.
 */
public final class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private EngineException(String message) {
    super(message);
  }

  private EngineException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Something about what an engine was given is wrong.
   *
   * @param where device, file, operation or tensor
   * @param found what is wrong, with found and expected
   * @param advice what to do, as an imperative
   */
  public static EngineException invalid(Object where, String found, String advice) {
    return new EngineException("%s: %s. %s.".formatted(where, found, advice));
  }

  /** As {@link #invalid(Object, String, String)}, with the error that revealed it. */
  public static EngineException invalid(
      Object where, String found, String advice, Throwable cause) {
    return new EngineException("%s: %s. %s.".formatted(where, found, advice), cause);
  }
}
