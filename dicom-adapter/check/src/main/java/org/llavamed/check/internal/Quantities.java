package org.llavamed.check.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavamed.dicom.Tag;

/** Units of measurements: an area is not measured in seconds. */
final class Quantities {
  private record Kind(String name, List<Concept> concepts, List<String> units, String source) {}

  private static final String UCUM = "UCUM";
  private static final List<Kind> KINDS = new ArrayList<>();
  private static final Map<String, String> KIND_OF_UNIT = new HashMap<>();

  static {
    for (List<String> row : Resource.written("quantities.txt")) {
      List<Concept> concepts =
          row.get(1).equals("-") ? List.of() : List.of(Concept.parse(row.get(1)));
      Kind kind = new Kind(row.get(0), concepts, Resource.words(row.get(2)), row.get(3));
      KINDS.add(kind);
      kind.units().stream()
          .filter(unit -> !unit.startsWith("{"))
          .forEach(unit -> KIND_OF_UNIT.put(unit, kind.name()));
    }
  }

  private final Problems problems;

  Quantities(Problems problems) {
    this.problems = problems;
  }

  void check(Item root) {
    root.forEach(item -> item.name().ifPresent(name -> check(item, name)));
  }

  private void check(Item item, Term name) {
    if (item.isReference() || !item.valueType().equals("NUM")) {
      return;
    }
    Optional<Term> unit = unit(item);
    for (Kind kind : KINDS) {
      boolean named = kind.concepts().stream().anyMatch(concept -> concept.matches(name));
      if (named && unit.isPresent() && unit.get().scheme().equals(UCUM)) {
        String found = KIND_OF_UNIT.getOrDefault(unit.get().value(), kind.name());
        if (!found.equals(kind.name())) {
          problems.error(
              item.place(),
              "is a measurement of %s in %s, a unit of %s; expected for example %s"
                  .formatted(
                      kind.name(),
                      Problems.quote(unit.get().value()),
                      found,
                      String.join(", ", kind.units().subList(0, 3))),
              kind.source());
        }
      }
    }
  }

  /** Returns the unit of an item of type NUM. */
  static Optional<Term> unit(Item item) {
    return item.data().items(Tag.MeasuredValueSequence).stream()
        .findFirst()
        .flatMap(value -> Term.of(value, Tag.MeasurementUnitsCodeSequence));
  }
}
