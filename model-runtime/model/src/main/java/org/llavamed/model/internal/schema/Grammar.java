package org.llavamed.model.internal.schema;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.llavamed.inference.ModelException;
import org.llavamed.model.internal.schema.Schema.Choice;
import org.llavamed.model.internal.schema.Schema.Items;
import org.llavamed.model.internal.schema.Schema.Literals;
import org.llavamed.model.internal.schema.Schema.Members;
import org.llavamed.model.internal.schema.Schema.Property;
import org.llavamed.model.internal.schema.Schema.Text;

/**
 * The answers that a schema allows, in the tokens of one vocabulary. Remembers which tokens may
 * follow a state. Safe for use by several threads.
 */
final class Grammar {
  private static final int MOST_REMEMBERED = 1024;

  private final TokenTrie tokens;
  private final State start;
  private final Map<State, Allowed> remembered =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<State, Allowed> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  /**
   * Tokens that may come next.
   *
   * @param tokens their ids; not to be changed
   * @param growth by how much the most expensive of them makes {@link State#closing} larger
   */
  record Allowed(BitSet tokens, int growth) {}

  /**
   * Makes the grammar.
   *
   * @throws ModelException if the vocabulary cannot write what the schema asks for
   */
  Grammar(Schema schema, TokenTrie tokens) {
    this.tokens = tokens;
    this.start = State.of(new BlankFrame(rule(schema)), State.END);
    if (start.closing() >= Frame.NEVER) {
      throw unwritable("one of the marks {}[]:,\" or a digit");
    }
  }

  private static ModelException unwritable(String text) {
    return ModelException.invalid(
        "JSON schema",
        "the model's vocabulary has no tokens that write " + text,
        "Use another model, or ask without a schema");
  }

  private Rule rule(Schema schema) {
    if (schema instanceof Text text) {
      return new TextRule(text.least(), text.most(), tokens);
    }
    if (schema instanceof Schema.Numeric number) {
      return new NumberRule(number, tokens);
    }
    if (schema instanceof Literals literals) {
      return new LiteralRule(literals.values().stream().map(this::writable).toList(), tokens);
    }
    if (schema instanceof Items items) {
      return new ArrayRule(rule(items.item()), items.least(), items.most(), tokens.cost("[,]"));
    }
    if (schema instanceof Choice choice) {
      return new ChoiceRule(choice.kinds().stream().map(this::rule).toList());
    }
    return new ObjectRule(
        ((Members) schema).properties().stream().map(this::member).toList(), tokens);
  }

  private ObjectRule.Member member(Property property) {
    String name = writable(TextNode.valueOf(property.name()).toString());
    return new ObjectRule.Member(name, rule(property.value()), property.required());
  }

  private String writable(String literal) {
    if (!ByteTrie.writes(tokens, literal)) {
      throw unwritable(literal);
    }
    return literal;
  }

  /** Returns the state before the answer. */
  State start() {
    return start;
  }

  /** Returns the tokens that may follow a state; all of them can be completed. */
  synchronized Allowed allowed(State state) {
    State key = state.capped(tokens.longest());
    Allowed known = remembered.get(key);
    if (known == null) {
      known = within(key, Frame.NEVER - 1);
      remembered.put(key, known);
    }
    return known;
  }

  /**
   * Returns the tokens after which a number of tokens completes the answer for sure; where there
   * are none, those after which it takes the fewest.
   */
  BitSet closing(State state, int most) {
    Walk walk = new Walk(most);
    walk.from(tokens.root(), state);
    return walk.allowed.isEmpty() ? within(state, walk.least).tokens : walk.allowed;
  }

  private Allowed within(State state, int most) {
    Walk walk = new Walk(Math.min(most, Frame.NEVER - 1));
    walk.from(tokens.root(), state);
    return new Allowed(walk.allowed, walk.highest - state.closing());
  }

  /** A walk through the vocabulary and the grammar together. */
  private final class Walk {
    private final BitSet allowed = new BitSet();
    private final int most;
    private int least = Frame.NEVER;
    private int highest;

    /**
     * Makes a walk.
     *
     * @param most closing tokens of an allowed token
     */
    Walk(int most) {
      this.most = most;
    }

    void from(int node, State state) {
      for (int child = tokens.begin(node); child < tokens.end(node); child = tokens.next(child)) {
        State after = state.step(tokens.label(child));
        if (after != null) {
          take(child, after.closing());
          from(child, after);
        }
      }
    }

    private void take(int node, int closing) {
      int count = tokens.count(node);
      if (count == 0) {
        return;
      }
      least = Math.min(least, closing);
      if (closing <= most) {
        highest = Math.max(highest, closing);
        for (int i = 0; i < count; i++) {
          allowed.set(tokens.token(node, i));
        }
      }
    }
  }

  /** Returns the state after a token's bytes. */
  static State after(State state, byte[] bytes) {
    State after = state;
    for (byte next : bytes) {
      State one = after.step(next & 0xFF);
      if (one == null) {
        throw new IllegalArgumentException(
            "byte %d of the token's %d may not come next".formatted(next & 0xFF, bytes.length));
      }
      after = one;
    }
    return after;
  }
}
