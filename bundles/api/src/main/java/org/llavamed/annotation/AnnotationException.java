package org.llavamed.annotation;

/**
 * An annotation cannot be made or written: one sentence that says where, what was found and what to
 * do.
 */
public final class AnnotationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private AnnotationException(String message) {
    super(message);
  }

  private AnnotationException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Something about a protocol, a request or an output folder is wrong.
   *
   * @param where file, with line or key where there is one
   * @param found what is wrong
   * @param advice what to do, as an imperative
   */
  public static AnnotationException invalid(Object where, String found, String advice) {
    return new AnnotationException("%s: %s. %s.".formatted(where, found, advice));
  }

  /** As {@link #invalid(Object, String, String)}, with the error that revealed it. */
  public static AnnotationException invalid(
      Object where, String found, String advice, Throwable cause) {
    return new AnnotationException("%s: %s. %s.".formatted(where, found, advice), cause);
  }
}
