package org.llavamed.check.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavamed.dicom.Tag;

/** Units of measurements: an area is not measured in seconds. */
final class Quantities {
  /**
   * A kind of quantity.
   *
   * @param closed whether no unit but these will do
   */
  private record Kind(
      String name, List<Concept> concepts, boolean closed, List<String> units, String source) {}

  private static final String UCUM = "UCUM";
  private static final String ONLY = "only";
  private static final int MOST_EXAMPLES = 3;
  private static final List<Kind> KINDS = new ArrayList<>();
  private static final Map<String, String> KIND_OF_UNIT = new HashMap<>();

  static {
    for (List<String> row : Resource.written("quantities.txt")) {
      List<Concept> concepts =
          row.get(1).equals("-") ? List.of() : List.of(Concept.parse(row.get(1)));
      List<String> words = Resource.words(row.get(2));
      boolean closed = words.get(0).equals(ONLY);
      List<String> units = closed ? words.subList(1, words.size()) : words;
      KINDS.add(new Kind(row.get(0), concepts, closed, units, row.get(3)));
      units.stream()
          .filter(unit -> !closed && !unit.startsWith("{"))
          .forEach(unit -> KIND_OF_UNIT.put(unit, row.get(0)));
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
      if (named && unit.isPresent()) {
        checkUnit(item, kind, unit.get());
      }
    }
  }

  /** A unit of another kind is wrong; one that is in no list may be one of a rare prefix. */
  private void checkUnit(Item item, Kind kind, Term unit) {
    boolean ucum = unit.scheme().equals(UCUM);
    if (ucum ? kind.units().contains(unit.value()) : !kind.closed()) {
      return;
    }
    String found = ucum ? KIND_OF_UNIT.getOrDefault(unit.value(), "") : "";
    String sentence =
        "is a measurement of %s in %s, %s; expected %s"
            .formatted(
                kind.name(),
                Problems.quote(unit.value()),
                found.isEmpty() ? "which is no unit of it that is known" : "a unit of " + found,
                expected(kind));
    if (found.isEmpty() && !kind.closed()) {
      problems.warning(item.place(), sentence, kind.source());
    } else {
      problems.error(item.place(), sentence, kind.source());
    }
  }

  private static String expected(Kind kind) {
    return kind.closed()
        ? String.join(" or ", kind.units())
        : "for example " + String.join(", ", kind.units().subList(0, MOST_EXAMPLES));
  }

  /** Returns the unit of an item of type NUM. */
  static Optional<Term> unit(Item item) {
    return item.data().items(Tag.MeasuredValueSequence).stream()
        .findFirst()
        .flatMap(value -> Term.of(value, Tag.MeasurementUnitsCodeSequence));
  }
}
