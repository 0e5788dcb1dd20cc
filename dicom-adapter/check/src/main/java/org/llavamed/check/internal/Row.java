package org.llavamed.check.internal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of a template.
 *
 * @param template number of the template
 * @param number as in the standard, for example {@code 10b}
 * @param relationship with the parent; empty where the including row states it
 * @param valueType of items; INCLUDE where the row takes in another template
 * @param concept names of items; of an INCLUDE any
 * @param included number of the template that an INCLUDE takes in, else empty
 * @param most most items, {@link #MANY} for any number
 * @param requirement M, U, MC, MX or UC
 * @param conditions when the requirement holds
 * @param valueSet what values or units are allowed; empty for any
 * @param children rows of the next level
 */
record Row(
    String template,
    String number,
    String relationship,
    String valueType,
    Concept concept,
    String included,
    int most,
    String requirement,
    List<Condition> conditions,
    String valueSet,
    List<Row> children) {
  static final int MANY = Integer.MAX_VALUE;
  private static final String INCLUDE = "INCLUDE";

  /**
   * A condition.
   *
   * @param kind its first word
   * @param words the others: numbers of rows, or a code
   */
  record Condition(String kind, List<String> words) {
    /** Returns whether it tells by an item's children which template the item follows. */
    boolean isSelection() {
      return switch (kind) {
        case "child", "once", "many", "otherwise" -> true;
        default -> false;
      };
    }
  }

  /** Parses the cells of a line of {@code templates.txt}. */
  static Row parse(String template, List<String> cells) {
    boolean include = cells.get(3).equals(INCLUDE);
    List<Condition> conditions = new ArrayList<>();
    for (String condition : cells.get(7).split(";", -1)) {
      List<String> words = Resource.words(condition);
      if (!words.isEmpty()) {
        conditions.add(new Condition(words.get(0), words.subList(1, words.size())));
      }
    }
    return new Row(
        template,
        cells.get(0),
        cells.get(2),
        cells.get(3),
        Concept.parse(include ? "*" : cells.get(4)),
        include ? cells.get(4).replace("TID ", "") : "",
        cells.get(5).endsWith("n") ? MANY : Integer.parseInt(cells.get(5)),
        cells.get(6),
        conditions,
        cells.get(8),
        new ArrayList<>());
  }

  /** Rows are the same by template and number. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Row row && row.template.equals(template) && row.number.equals(number);
  }

  @Override
  public int hashCode() {
    return 31 * template.hashCode() + number.hashCode();
  }

  boolean isInclude() {
    return !included.isEmpty();
  }

  /** Returns whether the row chooses among templates for one kind of item. */
  boolean isSelection() {
    return conditions.stream().anyMatch(Condition::isSelection);
  }

  /** Returns where the row stands in the standard. */
  String source() {
    return "PS3.16 TID %s row %s".formatted(template, number);
  }

  /** Returns the row for people. */
  String description() {
    return "%s %s".formatted(valueType, concept);
  }
}
