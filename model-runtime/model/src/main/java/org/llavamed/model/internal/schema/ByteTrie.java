package org.llavamed.model.internal.schema;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Texts of which one is to be written, byte by byte. */
final class ByteTrie {
  private final List<Node> nodes = new ArrayList<>(List.of(new Node(0)));

  /** The beginning of some texts. Equal to itself alone. */
  static final class Node {
    private final int label;
    private @Nullable Node child;
    private @Nullable Node beside;
    private int text = -1;
    private int closing = Frame.NEVER;

    private Node(int label) {
      this.label = label;
    }

    /** Returns the beginning that is one byte longer; null where there is none. */
    @Nullable Node step(int next) {
      Node node = child;
      while (node != null && node.label != next) {
        node = node.beside;
      }
      return node;
    }

    /** Returns the number of the text that is whole; -1 where none is. */
    int text() {
      return text;
    }

    /** Returns the fewest tokens that write the rest of a text and what follows it. */
    int closing() {
      return closing;
    }
  }

  /** Returns the empty beginning. */
  Node root() {
    return nodes.get(0);
  }

  /**
   * Adds a text.
   *
   * @param number of the text, 0 or more
   * @param following tokens that complete what follows it
   */
  void add(String text, int number, int following) {
    Node node = root();
    for (byte next : text.getBytes(StandardCharsets.UTF_8)) {
      Node child = node.step(next & 0xFF);
      if (child == null) {
        child = new Node(next & 0xFF);
        child.beside = node.child;
        node.child = child;
        nodes.add(child);
      }
      node = child;
    }
    node.text = number;
    node.closing = following;
  }

  /** Counts the tokens that it takes; the nodes below a node stand behind it. */
  ByteTrie counted(TokenTrie tokens) {
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Node node = nodes.get(i);
      node.closing = Math.min(node.closing, shortest(tokens, tokens.root(), node));
    }
    return this;
  }

  private static int shortest(TokenTrie tokens, int written, Node node) {
    int least = Frame.NEVER;
    for (Node child = node.child; child != null; child = child.beside) {
      int token = tokens.child(written, child.label);
      if (token >= 0) {
        int here = tokens.count(token) > 0 ? Frame.tokens(1L + child.closing) : Frame.NEVER;
        least = Math.min(least, Math.min(here, shortest(tokens, token, child)));
      }
    }
    return least;
  }

  /** Returns whether the tokens can write a text. */
  static boolean writes(TokenTrie tokens, String text) {
    ByteTrie alone = new ByteTrie();
    alone.add(text, 0, 0);
    return alone.counted(tokens).root().closing() < Frame.NEVER;
  }
}
