package org.llavamed.command.internal;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.llavamed.command.Text;

/** A table of text; long cells are broken over several lines, so that it fits where it is shown. */
final class Table {
  private static final int WIDEST = 44;
  private static final int NARROWEST = 8;
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  Table(String... header) {
    rows.add(List.of(header));
  }

  void add(String... cells) {
    rows.add(List.of(cells).stream().map(Text::line).toList());
  }

  /**
   * Prints the table.
   *
   * @param most characters of a line, as far as columns of {@value #NARROWEST} allow
   */
  void print(PrintWriter out, int most) {
    int[] widths = widths();
    fit(widths, most);
    rows.forEach(row -> print(row, widths, out));
  }

  private int[] widths() {
    var columns = rows.get(0).size();
    var widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        int length = row.get(i).codePointCount(0, row.get(i).length());
        widths[i] = Math.max(widths[i], Math.min(WIDEST, length));
      }
    }
    return widths;
  }

  /** Takes from the widest column, again and again, until the line is short enough. */
  private static void fit(int[] widths, int most) {
    int gaps = GAP.length() * (widths.length - 1);
    while (Arrays.stream(widths).sum() + gaps > most) {
      int widest = 0;
      for (int i = 1; i < widths.length; i++) {
        widest = widths[i] > widths[widest] ? i : widest;
      }
      if (widths[widest] <= NARROWEST) {
        return;
      }
      widths[widest]--;
    }
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
