package org.llavamed.model.internal.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.llavamed.model.internal.schema.ByteTrie.Node;

/** One of some values, written in one way. */
final class LiteralRule implements Rule {
  private final ByteTrie trie = new ByteTrie();

  /** Takes the values as JSON writes them. */
  LiteralRule(List<String> values, TokenTrie tokens) {
    for (int i = 0; i < values.size(); i++) {
      trie.add(values.get(i), i, 0);
    }
    trie.counted(tokens);
  }

  private record Begun(Node node) implements Frame {
    @Override
    public @Nullable State step(int next, State below) {
      Node after = node.step(next);
      return after == null ? null : State.of(new Begun(after), below);
    }

    @Override
    public boolean mayEnd() {
      return node.text() >= 0;
    }

    @Override
    public int closing() {
      return node.closing();
    }
  }

  @Override
  public Frame start() {
    return new Begun(trie.root());
  }
}
