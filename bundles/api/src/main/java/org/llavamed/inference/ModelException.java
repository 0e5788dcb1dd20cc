package org.llavamed.inference;

/**
 * A model is missing, damaged, of another shape than stated, or was asked for what it cannot do:
 * one sentence that says where, what was found, what was expected and what to do.
 */
public final class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean outOfMemory;

  private ModelException(String message) {
    super(message);
    this.outOfMemory = false;
  }

  private ModelException(String message, Throwable cause) {
    super(message, cause);
    this.outOfMemory = false;
  }

  private ModelException(String message, boolean outOfMemory) {
    super(message);
    this.outOfMemory = outOfMemory;
  }

  /**
   * Something about a model or a checkpoint is wrong.
   *
   * @param where file or folder, with the tensor or key where there is one
   * @param found what is wrong, with found and expected
   * @param advice what to do, as an imperative
   */
  public static ModelException invalid(Object where, String found, String advice) {
    return new ModelException("%s: %s. %s.".formatted(where, found, advice));
  }

  /** As {@link #invalid(Object, String, String)}, with the error that revealed it. */
  public static ModelException invalid(Object where, String found, String advice, Throwable cause) {
    return new ModelException("%s: %s. %s.".formatted(where, found, advice), cause);
  }

  /** As {@link #invalid(Object, String, String)}, where a whole model lacks nothing but memory. */
  public static ModelException outOfMemory(Object where, String found, String advice) {
    return new ModelException("%s: %s. %s.".formatted(where, found, advice), true);
  }

  /** Returns whether nothing is wrong but that the memory does not suffice. */
  public boolean isOutOfMemory() {
    return outOfMemory;
  }

  /** A prompt does not fit the model's context. */
  public static ModelException contextOverflow(int needed, int available) {
    return new ModelException(
        "The prompt and its answer need %d positions, the model's context has %d. Shorten the question."
            .formatted(needed, available));
  }

  /** Too many requests are waiting for a model. */
  public static ModelException busy(int waiting, int most) {
    return new ModelException(
        "The model has %d requests waiting, expected fewer than %d. Ask again later, or set mostWaiting higher in"
                .formatted(waiting, most)
            + " conf/org.llavamed.model.cfg.");
  }
}
