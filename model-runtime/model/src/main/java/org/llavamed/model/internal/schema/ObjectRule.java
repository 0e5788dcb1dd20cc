package org.llavamed.model.internal.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.llavamed.model.internal.schema.ByteTrie.Node;

/** An object whose members are written in a fixed order; some may be left out. */
final class ObjectRule implements Rule {
  private final List<Member> members;

  /** The names that may come next where the members before one are done. */
  private final ByteTrie[] names;

  /** The tokens that complete the object where the members before one are done. */
  private final int[] rests;

  private final int brace;

  /**
   * A member.
   *
   * @param name as JSON writes it, with quotes
   */
  record Member(String name, Rule value, boolean required) {}

  /** Makes the rule. */
  ObjectRule(List<Member> members, TokenTrie tokens) {
    this.members = List.copyOf(members);
    this.brace = tokens.cost("{}");
    this.names = new ByteTrie[members.size()];
    this.rests = new int[members.size() + 1];
    rests[members.size()] = brace;
    for (int i = members.size() - 1; i >= 0; i--) {
      names[i] = namesFrom(i, tokens);
      rests[i] = mustFollow(i) ? Frame.tokens((long) tokens.cost(',') + root(i).closing()) : brace;
    }
  }

  private ByteTrie namesFrom(int first, TokenTrie tokens) {
    ByteTrie trie = new ByteTrie();
    boolean more = true;
    for (int i = first; more && i < members.size(); i++) {
      Member member = members.get(i);
      long following = (long) member.value.start().closing() + rests[i + 1];
      trie.add(member.name + ":", i, Frame.tokens(following));
      more = !member.required;
    }
    return trie.counted(tokens);
  }

  private boolean mustFollow(int first) {
    return members.subList(first, members.size()).stream().anyMatch(Member::required);
  }

  private Node root(int first) {
    return names[first].root();
  }

  /** An object before its opening brace. */
  private record Before(ObjectRule rule) implements Frame {
    @Override
    public @Nullable State step(int next, State below) {
      return next == '{' ? State.of(new Between(rule, 0, true), below) : null;
    }

    @Override
    public boolean mayEnd() {
      return false;
    }

    @Override
    public int closing() {
      return Frame.tokens((long) rule.brace + new Between(rule, 0, true).closing());
    }
  }

  /**
   * An object between two members.
   *
   * @param first index of the first member that may come next
   * @param opening whether no member has come yet
   */
  private record Between(ObjectRule rule, int first, boolean opening) implements Frame {
    @Override
    public @Nullable State step(int next, State below) {
      if (next == '}') {
        return rule.mustFollow(first) ? null : below;
      }
      if (first == rule.members.size()) {
        return null;
      }
      if (opening) {
        return new Name(rule, rule.root(first), false).step(next, below);
      }
      return next == ',' ? State.of(new Name(rule, rule.root(first), true), below) : null;
    }

    @Override
    public boolean mayEnd() {
      return false;
    }

    @Override
    public int closing() {
      return opening && rule.mustFollow(first) ? rule.root(first).closing() : rule.rests[first];
    }
  }

  /**
   * An object in the name of a member.
   *
   * @param blank whether a blank may come before it
   */
  private record Name(ObjectRule rule, Node node, boolean blank) implements Frame {
    @Override
    public @Nullable State step(int next, State below) {
      if (blank && next == ' ') {
        return State.of(new Name(rule, node, false), below);
      }
      Node after = node.step(next);
      if (after == null) {
        return null;
      }
      if (after.text() < 0) {
        return State.of(new Name(rule, after, false), below);
      }
      State around = State.of(new Between(rule, after.text() + 1, false), below);
      return State.of(new BlankFrame(rule.members.get(after.text()).value), around);
    }

    @Override
    public boolean mayEnd() {
      return false;
    }

    @Override
    public int closing() {
      return node.closing();
    }
  }

  @Override
  public Frame start() {
    return new Before(this);
  }
}
