package org.llavamed.trainer.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The machine, in words for a report. */
final class Machine {
  private Machine() {}

  /** Returns processor, memory, system and Java, as far as the system tells. */
  static String here() {
    String processor = value(Path.of("/proc/cpuinfo"), "model name", property("os.arch"));
    String memory = value(Path.of("/proc/meminfo"), "MemTotal", "");
    String kilobytes = memory.replaceAll("\\D", "");
    return "%s, %d processors%s, %s %s, Java %s"
        .formatted(
            processor,
            Runtime.getRuntime().availableProcessors(),
            kilobytes.isEmpty()
                ? ""
                : ", %d GB of memory".formatted(Math.round(Long.parseLong(kilobytes) / 1048576.0)),
            property("os.name"),
            property("os.version"),
            property("java.version"));
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }

  private static String value(Path file, String key, String otherwise) {
    return lines(file).stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(otherwise);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      return List.of(); // another system than Linux
    }
  }
}
