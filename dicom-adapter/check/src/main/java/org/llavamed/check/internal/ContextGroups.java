package org.llavamed.check.internal;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The context groups of PS3.16 annex B that the templates refer to. */
final class ContextGroups {
  /** A code without its meaning. */
  private record Key(String value, String scheme) {}

  private static final class Group {
    private final boolean extensible;
    private final Set<Key> codes = new HashSet<>();

    Group(boolean extensible) {
      this.extensible = extensible;
    }
  }

  private static final Map<String, Group> GROUPS = new HashMap<>();

  static {
    Resource.generated("contextgroups.tsv")
        .forEach(
            row ->
                GROUPS
                    .computeIfAbsent(row.get(0), cid -> new Group(row.get(2).equals("yes")))
                    .codes
                    .add(new Key(row.get(3), row.get(4))));
  }

  private ContextGroups() {}

  /** Returns whether a group has a code; of groups that are not listed here none has. */
  static boolean contains(String cid, Term term) {
    Group group = GROUPS.get(cid);
    return group != null && group.codes.contains(new Key(term.value(), term.scheme()));
  }

  /** Returns whether the codes of a group are listed here. */
  static boolean isKnown(String cid) {
    return GROUPS.containsKey(cid);
  }

  /** Returns whether others may add codes to a group. */
  static boolean isExtensible(String cid) {
    Group group = GROUPS.get(cid);
    return group == null || group.extensible;
  }
}
