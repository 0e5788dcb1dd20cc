package org.llavamed.model.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.llavamed.inference.ModelBenchmark.Figure;

/** The memory of this process, as Linux tells it; other systems do not. */
final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path SMAPS = Path.of("/proc/self/smaps_rollup");
  private static final double KIB_PER_GB = 1e9 / 1024;

  private ProcessMemory() {}

  /** Returns what is resident now, and how much of it belongs to no file. */
  static List<Figure> now(String when) {
    List<Figure> figures = new ArrayList<>();
    add(figures, "memory " + when, Machine.lines(STATUS), "VmRSS:");
    add(figures, "anonymous memory " + when, Machine.lines(SMAPS), "Anonymous:");
    return figures;
  }

  /** Returns the most that was ever resident. */
  static List<Figure> peak() {
    List<Figure> figures = new ArrayList<>();
    add(figures, "most memory", Machine.lines(STATUS), "VmHWM:");
    return figures;
  }

  private static void add(List<Figure> figures, String name, List<String> lines, String key) {
    OptionalDouble kib = kib(lines, key);
    if (kib.isPresent()) {
      double gigabytes = kib.getAsDouble() / KIB_PER_GB;
      figures.add(new Figure(name, "GB", gigabytes, gigabytes, gigabytes));
    }
  }

  /** Returns the number of a line such as {@code VmRSS: 1234 kB}. */
  static OptionalDouble kib(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.matches(key + "\\s+\\d+ kB"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")))
        .findFirst();
  }
}
