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
        checkUnit(item, kind, unit.get().value());
      }
    }
  }

  /** A unit of another kind is wrong; one that is in no list may be one of a rare prefix. */
  private void checkUnit(Item item, Kind kind, String unit) {
    if (kind.units().contains(unit)) {
      return;
    }
    String found = KIND_OF_UNIT.getOrDefault(unit, "");
    String sentence =
        "is a measurement of %s in %s, %s; expected for example %s"
            .formatted(
                kind.name(),
                Problems.quote(unit),
                found.isEmpty() ? "which is no unit of it that is known" : "a unit of " + found,
                String.join(", ", kind.units().subList(0, 3)));
    if (found.isEmpty()) {
      problems.warning(item.place(), sentence, kind.source());
    } else {
      problems.error(item.place(), sentence, kind.source());
    }
  }

  /** Returns the unit of an item of type NUM. */
  static Optional<Term> unit(Item item) {
    return item.data().items(Tag.MeasuredValueSequence).stream()
        .findFirst()
        .flatMap(value -> Term.of(value, Tag.MeasurementUnitsCodeSequence));
  }
}
