package org.llavamed.trainer.internal;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.llavamed.trainer.internal.Chart.Point;

/** What metrics.csv holds, by column. */
final class MetricsTable {
  private final Map<String, List<Point>> columns = new TreeMap<>();

  private MetricsTable() {}

  /** Reads a file; one that is not there holds nothing. */
  static MetricsTable read(Path file) throws IOException {
    var table = new MetricsTable();
    MetricsFile.COLUMNS.forEach(name -> table.columns.put(name, new ArrayList<>()));
    if (Files.exists(file)) {
      try (var in = new FileInputStream(file.toFile())) { // an interrupt does not close it
        new String(in.readAllBytes(), StandardCharsets.US_ASCII)
            .lines()
            .skip(1)
            .forEach(table::add);
      }
    }
    return table;
  }

  private void add(String line) {
    String[] cells = line.split(",", -1);
    if (cells.length != MetricsFile.COLUMNS.size()) {
      return; // a line that is being written
    }
    long step = Long.parseLong(cells[0]);
    for (int i = 0; i < cells.length; i++) {
      if (!cells[i].isEmpty()) {
        column(MetricsFile.COLUMNS.get(i)).add(new Point(step, Double.parseDouble(cells[i])));
      }
    }
  }

  /** Returns the values of a column by their steps, in their order. */
  List<Point> column(String name) {
    List<Point> column = columns.get(name);
    if (column == null) {
      throw new IllegalArgumentException("there is no column " + name);
    }
    return column;
  }

  /** Returns the sum of a column. */
  double sum(String name) {
    return column(name).stream().mapToDouble(Point::y).sum();
  }
}
