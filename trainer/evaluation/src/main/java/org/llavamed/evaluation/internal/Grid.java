package org.llavamed.evaluation.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.llavamed.command.Text;

/**
 * A table: a name and its figures in each row.
 *
 * @param title what it shows
 * @param header of the columns, that of the names first
 * @param rows as many cells as the header has
 */
record Grid(String title, List<String> header, List<List<String>> rows) {
  private static final String GAP = "  ";

  Grid {
    header = List.copyOf(header);
    rows = rows.stream().map(List::copyOf).toList();
  }

  /** Returns the lines of the table as text: names to the left, figures to the right. */
  List<String> lines() {
    List<List<String>> all = new ArrayList<>();
    all.add(header);
    rows.forEach(row -> all.add(row.stream().map(Text::line).toList()));
    int[] widths =
        IntStream.range(0, header.size())
            .map(i -> all.stream().mapToInt(row -> row.get(i).length()).max().orElse(0))
            .toArray();
    return all.stream().map(row -> line(row, widths)).toList();
  }

  private static String line(List<String> row, int[] widths) {
    return IntStream.range(0, widths.length)
        .mapToObj(
            i -> {
              String blanks = " ".repeat(widths[i] - row.get(i).length());
              return i == 0 ? row.get(i) + blanks : blanks + row.get(i);
            })
        .collect(Collectors.joining(GAP))
        .stripTrailing();
  }
}
