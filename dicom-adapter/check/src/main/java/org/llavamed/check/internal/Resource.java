package org.llavamed.check.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The tables beside the classes: a line a row, {@code #} begins a comment. */
final class Resource {
  private Resource() {}

  /** Returns the rows of a table that was generated: columns by tab, the first line their names. */
  static List<List<String>> generated(String name) {
    List<List<String>> rows = rows(name, "\t");
    return rows.subList(1, rows.size());
  }

  /** Returns the rows of a table that people write: columns by {@code |}, blanks around them. */
  static List<List<String>> written(String name) {
    return rows(name, "\\|");
  }

  private static List<List<String>> rows(String name, String separator) {
    List<List<String>> rows = new ArrayList<>();
    try (InputStream stream = Resource.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException(name + " is missing in the bundle; build it again");
      }
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
      reader
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .forEach(
              line ->
                  rows.add(
                      List.of(line.split(separator, -1)).stream().map(String::strip).toList()));
    } catch (IOException e) {
      throw new UncheckedIOException(name + " in the bundle cannot be read; build it again", e);
    }
    return rows;
  }

  /** Returns the words of a cell. */
  static List<String> words(String cell) {
    return cell.isBlank() ? List.of() : List.of(cell.strip().split("\\s+"));
  }
}
