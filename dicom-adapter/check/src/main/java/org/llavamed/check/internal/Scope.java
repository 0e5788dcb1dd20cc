package org.llavamed.check.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavamed.dicom.Tag;
import org.llavamed.imaging.Attributes;

/**
 * Rows for the children of one item, and which children were found to be for them. A row that
 * includes a template has a scope of its own inside.
 */
final class Scope {
  private final List<Row> rows;
  private final String relationship;
  private final boolean repeated;
  private final Map<Row, Scope> includes = new LinkedHashMap<>();
  private final Map<Row, List<Item>> matches = new LinkedHashMap<>();

  /**
   * Makes a scope without matches.
   *
   * @param relationship of rows that state none
   * @param repeated whether the rows may occur several times, each time with all their items
   */
  Scope(List<Row> rows, String relationship, boolean repeated) {
    this.rows = rows;
    this.relationship = relationship;
    this.repeated = repeated;
    for (Row row : rows) {
      if (row.isInclude()) {
        includes.put(
            row,
            new Scope(
                Template.require(row.included()).rows(),
                row.relationship().isEmpty() ? relationship : row.relationship(),
                repeated || row.most() == Row.MANY));
      }
    }
  }

  /** A row that an item may be for. */
  record Candidate(Scope scope, Row row) {
    String relationship() {
      return row.relationship().isEmpty() ? scope.relationship : row.relationship();
    }

    boolean isNamed(Item item) {
      return item.name().filter(row.concept()::matches).isPresent();
    }

    boolean isOfType(Item item) {
      return row.valueType().equals(item.valueType());
    }

    boolean fits(Item item) {
      return isOfType(item) && relationship().equals(item.relationship());
    }
  }

  /** Returns the rows that an item may be for, those of included templates too. */
  List<Candidate> candidates(Item item) {
    List<Candidate> candidates = new ArrayList<>();
    for (Row row : rows) {
      Scope included = includes.get(row);
      if (included == null) {
        candidates.add(new Candidate(this, row));
      } else if (!row.isSelection() || isSelected(row, item)) {
        candidates.addAll(included.candidates(item));
      }
    }
    return candidates;
  }

  /** Returns whether an item follows the template of a row, and not that of its sister rows. */
  private boolean isSelected(Row row, Item item) {
    String told =
        item.data().items(Tag.ContentTemplateSequence).stream()
            .findFirst()
            .flatMap((Attributes template) -> template.string(Tag.TemplateIdentifier))
            .orElse("");
    List<Row> sisters = rows.stream().filter(Row::isSelection).toList();
    if (sisters.stream().anyMatch(sister -> sister.included().equals(told))) {
      return row.included().equals(told);
    }
    return row.equals(
        sisters.stream()
            .filter(sister -> sister.conditions().stream().anyMatch(c -> holds(c, item)))
            .findFirst()
            .orElse(row));
  }

  private static boolean holds(Row.Condition condition, Item item) {
    if (condition.words().isEmpty()) {
      return true;
    }
    Term name = Term.parse(condition.words().get(0));
    long count =
        item.children().stream()
            .filter(child -> child.name().filter(name::same).isPresent())
            .count();
    return switch (condition.kind()) {
      case "once" -> count == 1;
      case "many" -> count > 1;
      default -> count > 0;
    };
  }

  /** Returns the position of a row among the rows here; of an included one that of its include. */
  int position(Candidate candidate) {
    for (int i = 0; i < rows.size(); i++) {
      Scope included = includes.get(rows.get(i));
      boolean here = candidate.scope() == this && rows.get(i).equals(candidate.row());
      if (here || (included != null && included.holds(candidate.scope()))) {
        return i;
      }
    }
    throw new IllegalArgumentException("row %s is not here".formatted(candidate.row().source()));
  }

  private boolean holds(Scope inner) {
    return inner == this || includes.values().stream().anyMatch(scope -> scope.holds(inner));
  }

  void match(Row row, Item item) {
    matches.computeIfAbsent(row, key -> new ArrayList<>()).add(item);
  }

  List<Row> rows() {
    return rows;
  }

  /** Returns the scope of the template that a row includes. */
  Scope included(Row row) {
    return includes.getOrDefault(row, this);
  }

  List<Item> matches(Row row) {
    return matches.getOrDefault(row, List.of());
  }

  /** Returns the most items that a row may have here. */
  int most(Row row) {
    return repeated ? Row.MANY : row.most();
  }

  /** Returns whether any row has an item. */
  boolean isUsed() {
    return !matches.isEmpty() || includes.values().stream().anyMatch(Scope::isUsed);
  }

  /** Returns whether a row has an item, or its template any. */
  boolean isUsed(Row row) {
    Scope included = includes.get(row);
    return included == null ? matches.containsKey(row) : included.isUsed();
  }

  /** Returns whether the conditions of a row hold. */
  boolean holds(Row row) {
    return row.conditions().stream()
        .allMatch(condition -> condition.isSelection() || holds(condition));
  }

  private boolean holds(Row.Condition condition) {
    List<String> words = condition.words();
    return switch (condition.kind()) {
      case "none" -> words.stream().noneMatch(this::isUsed);
      case "any" -> words.stream().anyMatch(this::isUsed);
      case "value" -> value(words.get(0), true);
      case "unless" -> !isUsed(row(words.get(0))) || value(words.get(0), false);
      default -> throw new IllegalStateException("templates.txt has condition " + condition);
    };
  }

  private boolean isUsed(String number) {
    return rows.stream().anyMatch(row -> row.number().equals(number) && isUsed(row));
  }

  /** Returns whether a row, told as {@code row=code}, has an item with, or with another, value. */
  private boolean value(String text, boolean same) {
    Term value = Term.parse(text.substring(text.indexOf('=') + 1));
    return matches(row(text)).stream()
        .anyMatch(item -> item.code().filter(value::same).isPresent() == same);
  }

  private Row row(String text) {
    String number = text.substring(0, text.indexOf('='));
    return rows.stream().filter(row -> row.number().equals(number)).findFirst().orElseThrow();
  }
}
