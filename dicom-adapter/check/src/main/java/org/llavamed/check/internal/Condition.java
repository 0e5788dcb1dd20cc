package org.llavamed.check.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavamed.dicom.Dictionary;
import org.llavamed.imaging.Attributes;

/**
 * When an attribute of type 1C has to be there.
 *
 * @param tag another attribute of the same item
 * @param values of which it has one then; empty for any value
 * @param source where the standard says so
 */
record Condition(int tag, List<String> values, String source) {
  private static final String ANY = "*";
  private static final Map<Integer, Condition> BY_TAG = new HashMap<>();

  static {
    for (List<String> row : Resource.written("conditions.txt")) {
      List<String> values = new ArrayList<>();
      if (!row.get(2).equals(ANY)) {
        Resource.words(row.get(2)).forEach(word -> values.add(word.replace('_', ' ')));
      }
      BY_TAG.put(
          ModuleRules.tag(row.get(0)),
          new Condition(ModuleRules.tag(row.get(1)), values, "PS3.3 " + row.get(3)));
    }
  }

  /** Returns the condition of an attribute, where one is listed. */
  static Optional<Condition> of(int tag) {
    return Optional.ofNullable(BY_TAG.get(tag));
  }

  boolean holds(Attributes item) {
    return item.contains(tag)
        && !ModuleRules.isEmpty(item, tag)
        && (values.isEmpty() || item.strings(tag).stream().anyMatch(values::contains));
  }

  /** Returns the condition for people. */
  String description() {
    return Dictionary.describe(tag)
        + (values.isEmpty() ? " is there" : " is " + String.join(" or ", values));
  }
}
