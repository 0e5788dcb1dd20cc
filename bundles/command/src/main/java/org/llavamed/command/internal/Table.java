package org.llavamed.command.internal;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** A table of text; long cells are broken over several lines. */
final class Table {
  private static final int WIDEST = 44;
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  Table(String... header) {
    rows.add(List.of(header));
  }

  void add(String... cells) {
    rows.add(List.of(cells).stream().map(Text::line).toList());
  }

  void print(PrintWriter out) {
    var columns = rows.get(0).size();
    var widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        int length = row.get(i).codePointCount(0, row.get(i).length());
        widths[i] = Math.max(widths[i], Math.min(WIDEST, length));
      }
    }
    rows.forEach(row -> print(row, widths, out));
  }

  private static void print(List<String> row, int[] widths, PrintWriter out) {
    var cells = new ArrayList<List<String>>();
    int height = 0;
    for (int i = 0; i < widths.length; i++) {
      cells.add(Text.wrap(row.get(i), Math.max(1, widths[i])));
      height = Math.max(height, cells.get(i).size());
    }
    for (int y = 0; y < height; y++) {
      var line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String cell = y < cells.get(i).size() ? cells.get(i).get(y) : "";
        line.append(cell)
            .append(" ".repeat(widths[i] - cell.codePointCount(0, cell.length())))
            .append(GAP);
      }
      out.println(line.toString().stripTrailing());
    }
  }
}
