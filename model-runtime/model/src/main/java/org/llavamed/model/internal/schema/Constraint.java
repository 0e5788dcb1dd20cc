package org.llavamed.model.internal.schema;

import java.nio.FloatBuffer;

/** What one answer may be, token by token. Not safe for use by several threads. */
public interface Constraint {
  /** Every token may follow every other. */
  Constraint NONE =
      new Constraint() {
        @Override
        public void mask(FloatBuffer logits) {
          // Nothing is forbidden.
        }

        @Override
        public void accept(int token) {
          // Nothing depends on what was written.
        }

        @Override
        public boolean complete() {
          return true;
        }
      };

  /**
   * Sets the logits of the tokens that may not come next to negative infinity.
   *
   * @param logits [vocabulary], read and written from index 0; position and limit are left as they
   *     are
   * @throws org.llavamed.inference.ModelException if the vocabulary has no token that may come next
   */
  void mask(FloatBuffer logits);

  /**
   * Takes the token that comes next, an end token included.
   *
   * @throws IllegalArgumentException if it may not come next
   */
  void accept(int token);

  /** Returns whether the answer may end here. */
  boolean complete();
}
