package org.llavamed.model.internal;

import java.nio.FloatBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.llavamed.inference.Answer;

/** What one request does with what the decoder says. Used by one thread at a time. */
interface Course {
  /**
   * Where the decoder goes on.
   *
   * @param past positions of the sequence that are kept
   * @param token that is read next
   */
  record Move(int past, int token) {}

  /**
   * Takes the logits after the prompt, then those after each move.
   *
   * @param logits [vocabulary], valid during the call
   * @param length positions of the sequence so far
   * @param onText receives text that is certain
   * @return the next move; null where the answer is complete
   * @throws org.llavamed.inference.ModelException if the request cannot go on
   */
  @Nullable Move next(FloatBuffer logits, int length, Consumer<String> onText);

  /** Returns the answer, which is complete. */
  Answer answer();
}
