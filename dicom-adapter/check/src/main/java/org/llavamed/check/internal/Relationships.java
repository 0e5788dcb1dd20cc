package org.llavamed.check.internal;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which items an IOD lets stand in which relationship. */
public final class Relationships {
  private static final Map<String, List<String>> SHORT =
      Map.of(
          "NAMED", List.of("DATETIME", "DATE", "TIME", "UIDREF", "PNAME"),
          "OBJECT", List.of("IMAGE", "WAVEFORM", "COMPOSITE"));
  private static final String ANY = "ANY";
  private static final Map<String, Relationships> BY_SOP_CLASS = new HashMap<>();

  static {
    Relationships current = null;
    for (List<String> row : Resource.written("relationships.txt")) {
      if (row.size() > 3) {
        current = new Relationships(row);
        BY_SOP_CLASS.put(row.get(0), current);
      } else if (current != null) {
        current.add(row);
      }
    }
  }

  private record Triple(String source, String relationship, String target) {}

  private final String name;
  private final String section;
  private final boolean byReference;
  private final String fixedTemplate;
  private final Set<Triple> triples = new HashSet<>();
  private final Set<String> valueTypes = new HashSet<>(Set.of("CONTAINER"));

  private Relationships(List<String> row) {
    this.name = row.get(1);
    this.section = row.get(2);
    this.byReference = row.get(3).equals("yes");
    this.fixedTemplate = row.get(4);
  }

  private void add(List<String> row) {
    for (String source : Resource.words(row.get(0))) {
      for (String from : SHORT.getOrDefault(source, List.of(source))) {
        for (String target : Resource.words(row.get(2))) {
          for (String to : SHORT.getOrDefault(target, List.of(target))) {
            triples.add(new Triple(from, row.get(1), to));
            valueTypes.add(to);
          }
        }
      }
    }
  }

  /** Returns the rules of a SOP class, where its objects have a content tree. */
  public static Optional<Relationships> of(String sopClassUid) {
    return Optional.ofNullable(BY_SOP_CLASS.get(sopClassUid));
  }

  /** Returns the root template that the IOD fixes; empty where the document chooses it. */
  public String fixedTemplate() {
    return fixedTemplate;
  }

  /** Returns the IOD's name. */
  String name() {
    return name;
  }

  /** Returns the section of the standard. */
  String section() {
    return section;
  }

  /** Returns whether items may stand in for others of the tree. */
  boolean byReference() {
    return byReference;
  }

  /** Returns whether documents of the IOD have items of this type. */
  boolean hasValueType(String valueType) {
    return valueTypes.contains(valueType);
  }

  boolean allows(String source, String relationship, String target) {
    return triples.contains(new Triple(source, relationship, target))
        || triples.contains(new Triple(ANY, relationship, target));
  }
}
