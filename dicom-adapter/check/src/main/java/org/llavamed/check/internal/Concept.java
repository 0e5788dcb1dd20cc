package org.llavamed.check.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * Which concept names a row is for.
 *
 * @param cid number of a context group; empty where codes are listed
 * @param terms codes; none for any name or no name
 */
record Concept(String cid, List<Term> terms) {
  private static final String GROUP = "CID ";

  /** Parses {@code CID n}, one code with its meaning, or {@code *}. */
  static Concept parse(String text) {
    if (text.startsWith(GROUP)) {
      return new Concept(text.substring(GROUP.length()), List.of());
    }
    List<Term> terms = new ArrayList<>();
    if (!text.equals("*")) {
      terms.add(Term.parse(text));
    }
    return new Concept("", terms);
  }

  /** Returns whether any name, or none, will do. */
  boolean isAny() {
    return cid.isEmpty() && terms.isEmpty();
  }

  /** Returns whether others may add names. */
  boolean isExtensible() {
    return !cid.isEmpty() && ContextGroups.isExtensible(cid);
  }

  /** Returns whether the name is one of those that are listed. */
  boolean matches(Term name) {
    return cid.isEmpty() ? terms.stream().anyMatch(name::same) : ContextGroups.contains(cid, name);
  }

  @Override
  public String toString() {
    return isAny() ? "of any name" : cid.isEmpty() ? terms.get(0).toString() : "of CID " + cid;
  }
}
