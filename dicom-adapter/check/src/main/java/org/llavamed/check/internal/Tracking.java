package org.llavamed.check.internal;

import java.util.HashMap;
import java.util.Map;
import org.llavamed.dicom.Tag;

/** A Tracking Unique Identifier names one thing, under one Tracking Identifier, in a document. */
final class Tracking {
  private static final Term IDENTIFIER = Term.parse("112039,DCM");
  private static final Term UNIQUE_IDENTIFIER = Term.parse("112040,DCM");

  private final Problems problems;
  private final Map<String, String> identifiers = new HashMap<>();

  Tracking(Problems problems) {
    this.problems = problems;
  }

  void check(Item root) {
    root.forEach(this::checkGroup);
  }

  private void checkGroup(Item group) {
    String identifier = value(group, IDENTIFIER, Tag.TextValue);
    String uid = value(group, UNIQUE_IDENTIFIER, Tag.UID);
    if (uid.isEmpty() || identifier.isEmpty()) {
      return;
    }
    String other = identifiers.putIfAbsent(uid, identifier);
    if (other != null && !other.equals(identifier)) {
      problems.error(
          group.place(),
          "has Tracking Unique Identifier %s under Tracking Identifier %s, which is %s elsewhere"
              .formatted(uid, Problems.quote(identifier), Problems.quote(other)),
          "PS3.16 TID 1501 row 3");
    }
  }

  private static String value(Item group, Term name, int tag) {
    return group.children().stream()
        .filter(child -> child.name().filter(name::same).isPresent())
        .findFirst()
        .flatMap(child -> child.data().string(tag))
        .orElse("");
  }
}
