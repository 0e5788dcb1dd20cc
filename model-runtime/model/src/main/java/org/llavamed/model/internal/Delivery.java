package org.llavamed.model.internal;

import org.llavamed.inference.Answer;

/**
 * Brings text and answer to the one who asked, on other threads than the model's. No call waits for
 * anybody. At most one of complete, fail and cancel is called, as the last call.
 */
interface Delivery {
  /** Takes the next piece of the text. */
  void piece(String text);

  /** The answer is complete. */
  void complete(Answer answer);

  /** There is no answer. */
  void fail(RuntimeException failure);

  /** Nobody waits for the answer any more, and the work is stopped. */
  void cancel();

  /** Returns whether nobody waits for the answer any more. */
  boolean cancelled();
}
