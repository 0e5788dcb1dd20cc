package org.llavamed.check.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A template of PS3.16 annex A.
 *
 * @param tid its number
 * @param extensible whether items that no row is for may be added
 * @param ordered whether items stand in the order of the rows
 * @param rows the rows of its first level
 */
record Template(String tid, boolean extensible, boolean ordered, List<Row> rows) {
  private static final String HEADING = "TID ";
  private static final int HEADING_CELLS = 4;
  private static final Map<String, Template> ALL = new HashMap<>();

  static {
    Template template = null;
    Deque<List<Row>> levels = new ArrayDeque<>();
    for (List<String> cells : Resource.written("templates.txt")) {
      if (cells.size() == HEADING_CELLS && cells.get(0).startsWith(HEADING)) {
        template = heading(cells);
        ALL.put(template.tid(), template);
        levels.clear();
        levels.push(template.rows());
      } else if (template != null) {
        int level = cells.get(1).length();
        while (levels.size() > level + 1) {
          levels.pop();
        }
        Row row = Row.parse(template.tid(), cells);
        levels.element().add(row);
        levels.push(row.children());
      }
    }
  }

  private static Template heading(List<String> cells) {
    return new Template(
        cells.get(0).substring(HEADING.length()),
        cells.get(2).equals("extensible"),
        cells.get(3).equals("ordered"),
        new ArrayList<>());
  }

  /** Returns a template by its number, where it is listed here. */
  static Optional<Template> of(String tid) {
    return Optional.ofNullable(ALL.get(tid));
  }

  /** Returns a template that rows refer to. */
  static Template require(String tid) {
    return of(tid).orElseThrow(() -> new IllegalStateException("templates.txt lacks TID " + tid));
  }
}
