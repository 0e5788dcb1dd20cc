package org.llavamed.deidentify.internal;

import java.util.Map;

/** What happens to an attribute: the action codes of PS3.15 table E.1-1a. */
enum Action {
  /** K: kept; a sequence is cleaned within. */
  KEEP,
  /** C: cleaned, by the rule of its value representation. */
  CLEAN,
  /** X: removed. */
  REMOVE,
  /** Z: emptied. */
  EMPTY,
  /** D: replaced by a dummy. */
  DUMMY,
  /** U: UIDs are replaced; a sequence is kept, with new UIDs within. */
  UID;

  /**
   * Combined codes leave the choice to what the IOD asks for. The choice that suits every type of
   * attribute is taken: a dummy where one may be needed, else an empty value.
   */
  private static final Map<String, Action> CODES =
      Map.ofEntries(
          Map.entry("K", KEEP),
          Map.entry("C", CLEAN),
          Map.entry("X", REMOVE),
          Map.entry("Z", EMPTY),
          Map.entry("D", DUMMY),
          Map.entry("U", UID),
          Map.entry("X/Z", EMPTY),
          Map.entry("X/D", DUMMY),
          Map.entry("Z/D", DUMMY),
          Map.entry("X/Z/D", DUMMY),
          Map.entry("X/Z/U*", UID));

  static Action of(String code) {
    Action action = CODES.get(code);
    if (action == null) {
      throw new IllegalArgumentException("'%s' is no action code".formatted(code));
    }
    return action;
  }
}
