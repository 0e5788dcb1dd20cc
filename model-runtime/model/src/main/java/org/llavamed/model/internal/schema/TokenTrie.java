package org.llavamed.model.internal.schema;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.llavamed.preprocess.Vocabulary;

/**
 * All tokens that write text, ordered by their bytes: tokens that begin alike share their
 * beginning. Nodes are numbered so that the ones below a node follow it. Immutable.
 */
final class TokenTrie {
  /** Longer tokens are left out. */
  static final int LONGEST = 256;

  private static final int ROOT = 0;

  private final byte[] labels;
  private final int[] nexts;
  private final int[] firsts;
  private final int[] ids;
  private final int longest;

  /** A token and what it writes. */
  private record Written(int id, String bytes) {}

  /**
   * Orders the tokens.
   *
   * @param ends end tokens, which write nothing
   */
  TokenTrie(Vocabulary vocabulary, Collection<Integer> ends) {
    this(written(vocabulary, ends));
  }

  private TokenTrie(List<Written> tokens) {
    int nodes = 1 + tokens.stream().mapToInt(token -> token.bytes.length()).sum();
    byte[] allLabels = new byte[nodes];
    int[] allNexts = new int[nodes];
    int[] allFirsts = new int[nodes + 1];
    int[] path = new int[LONGEST + 1];
    int count = 1;
    int depth = 0;
    String previous = "";
    ids = new int[tokens.size()];
    for (int i = 0; i < ids.length; i++) {
      String bytes = tokens.get(i).bytes;
      int common = common(previous, bytes);
      for (; depth > common; depth--) {
        allNexts[path[depth]] = count;
      }
      while (depth < bytes.length()) {
        allLabels[count] = (byte) bytes.charAt(depth);
        allFirsts[count] = i;
        path[++depth] = count++;
      }
      ids[i] = tokens.get(i).id;
      previous = bytes;
    }
    for (; depth >= 0; depth--) {
      allNexts[path[depth]] = count;
    }
    allFirsts[count] = ids.length;
    labels = Arrays.copyOf(allLabels, count);
    nexts = Arrays.copyOf(allNexts, count);
    firsts = Arrays.copyOf(allFirsts, count + 1);
    longest = tokens.stream().mapToInt(token -> token.bytes.length()).max().orElse(0);
  }

  private static List<Written> written(Vocabulary vocabulary, Collection<Integer> ends) {
    List<Written> tokens = new ArrayList<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      if (!vocabulary.special(id) && !ends.contains(id)) {
        byte[] bytes = vocabulary.bytes(id);
        if (bytes.length > 0 && bytes.length <= LONGEST) {
          tokens.add(new Written(id, latin(bytes)));
        }
      }
    }
    tokens.sort((a, b) -> a.bytes.compareTo(b.bytes));
    return tokens;
  }

  /** Returns one character for each byte, which sorts as unsigned bytes do. */
  private static String latin(byte[] bytes) {
    return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private static int common(String one, String other) {
    int common = 0;
    while (common < Math.min(one.length(), other.length())
        && one.charAt(common) == other.charAt(common)) {
      common++;
    }
    return common;
  }

  /** Returns the bytes of the longest token. */
  int longest() {
    return longest;
  }

  /** Returns the node of no byte. */
  int root() {
    return ROOT;
  }

  /** Returns the first node below a node, or {@link #end} of it. */
  int begin(int node) {
    return node + 1;
  }

  /** Returns the node after all that are below a node. */
  int end(int node) {
    return nexts[node];
  }

  /** Returns the next node beside a node, or the {@link #end} of the one above. */
  int next(int node) {
    return nexts[node];
  }

  /** Returns the last byte of a node, 0 to 255. */
  int label(int node) {
    return labels[node] & 0xFF;
  }

  /** Returns the node below a node by one more byte; -1 where there is none. */
  int child(int node, int label) {
    for (int child = begin(node); child < end(node); child = next(child)) {
      if (label(child) == label) {
        return child;
      }
    }
    return -1;
  }

  /** Returns how many tokens write the bytes of a node. */
  int count(int node) {
    int first = node + 1 < nexts[node] ? firsts[node + 1] : firsts[nexts[node]];
    return first - firsts[node];
  }

  /** Returns a token that writes the bytes of a node. */
  int token(int node, int index) {
    return ids[firsts[node] + index];
  }

  /** Returns the tokens that it takes to write one byte: 1 or {@link Frame#NEVER}. */
  int cost(int label) {
    int node = child(ROOT, label);
    return node >= 0 && count(node) > 0 ? 1 : Frame.NEVER;
  }

  /** Returns the most that one of several bytes takes. */
  int cost(String characters) {
    return characters.chars().map(this::cost).max().orElse(0);
  }
}
