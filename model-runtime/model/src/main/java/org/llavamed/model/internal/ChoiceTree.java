package org.llavamed.model.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A closed set of answers by their tokens: answers that begin alike share their beginning. A node
 * is what was written so far.
 */
final class ChoiceTree {
  private final int depth;
  private final Map<Integer, ChoiceTree> nexts = new LinkedHashMap<>();
  private final List<Integer> complete = new ArrayList<>();

  private ChoiceTree(int depth) {
    this.depth = depth;
  }

  /**
   * Returns the node at which nothing is written.
   *
   * @param answers tokens of each answer, none is empty
   */
  static ChoiceTree of(List<List<Integer>> answers) {
    ChoiceTree root = new ChoiceTree(0);
    for (int i = 0; i < answers.size(); i++) {
      ChoiceTree node = root;
      for (int token : answers.get(i)) {
        int below = node.depth + 1;
        node = node.nexts.computeIfAbsent(token, any -> new ChoiceTree(below));
      }
      node.complete.add(i);
    }
    return root;
  }

  /** Returns the tokens that are written here. */
  int depth() {
    return depth;
  }

  /** Returns the nodes below, by the token that leads to them. */
  Map<Integer, ChoiceTree> nexts() {
    return nexts;
  }

  /** Returns which answers are complete here. */
  List<Integer> complete() {
    return complete;
  }
}
