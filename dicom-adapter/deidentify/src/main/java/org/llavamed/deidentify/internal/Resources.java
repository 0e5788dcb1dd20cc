package org.llavamed.deidentify.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The tables of the bundle. */
final class Resources {
  private Resources() {}

  /** Returns the lines of a table, without those that begin with {@code #}. */
  static List<String> lines(String table) {
    try (InputStream stream = Resources.class.getResourceAsStream(table)) {
      if (stream == null) {
        throw new IllegalStateException(table + " is missing in the bundle; build it again");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#") && !line.isBlank())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(table + " in the bundle cannot be read; build it again", e);
    }
  }

  /** Returns the cells of a table, the first row with the names of the columns. */
  static List<List<String>> rows(String table) {
    return lines(table).stream().map(line -> List.of(line.split("\t", -1))).toList();
  }
}
