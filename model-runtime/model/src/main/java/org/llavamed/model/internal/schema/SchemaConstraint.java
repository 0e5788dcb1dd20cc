package org.llavamed.model.internal.schema;

import java.nio.FloatBuffer;
import java.util.BitSet;
import java.util.Set;
import org.llavamed.inference.ModelException;
import org.llavamed.preprocess.Vocabulary;

/** An answer that obeys a schema. */
final class SchemaConstraint implements Constraint {
  private final Grammar grammar;
  private final Vocabulary vocabulary;
  private final Set<Integer> ends;
  private State state;
  private int left;

  SchemaConstraint(Grammar grammar, Vocabulary vocabulary, Set<Integer> ends, int maxNewTokens) {
    this.grammar = grammar;
    this.vocabulary = vocabulary;
    this.ends = ends;
    this.state = grammar.start();
    this.left = maxNewTokens;
  }

  @Override
  public void mask(FloatBuffer logits) {
    BitSet allowed = allowed();
    int size = logits.capacity();
    boolean complete = complete();
    int kept = 0;
    for (int token = 0; token < size; token++) {
      if (allowed.get(token) || (complete && ends.contains(token))) {
        kept++;
      } else {
        logits.put(token, Float.NEGATIVE_INFINITY);
      }
    }
    if (kept == 0) {
      throw ModelException.invalid(
          "JSON schema",
          "none of the model's %d tokens may come next".formatted(size),
          "Use another model, or ask without a schema");
    }
  }

  private BitSet allowed() {
    Grammar.Allowed next = grammar.allowed(state);
    boolean plenty = (long) state.closing() + next.growth() <= left - 1L;
    return plenty ? next.tokens() : grammar.closing(state, Math.max(0, left - 1));
  }

  @Override
  public void accept(int token) {
    if (ends.contains(token)) {
      if (!complete()) {
        throw new IllegalArgumentException(
            "token %d ends an answer that is not complete".formatted(token));
      }
      state = State.END;
      return;
    }
    byte[] bytes = vocabulary.bytes(token);
    if (vocabulary.special(token) || bytes.length == 0) {
      throw new IllegalArgumentException("token %d writes nothing".formatted(token));
    }
    state = Grammar.after(state, bytes);
    left--;
  }

  @Override
  public boolean complete() {
    return state.complete();
  }
}
