package org.llavamed.model.internal;

import java.nio.file.Path;
import java.util.List;

/**
 * The memory that this process may use.
 *
 * @param total bytes of the machine, or of the control group that the process is in
 * @param available bytes that are free, or can be freed at once because they only hold a copy of
 *     what is on disk; never more than {@code total}
 */
record Memory(long total, long available) {
  /** Where nobody tells: no model is refused. */
  static final Memory UNKNOWN = new Memory(Long.MAX_VALUE, Long.MAX_VALUE);

  /** Returns whether the system tells its memory. */
  boolean known() {
    return total != Long.MAX_VALUE;
  }

  /**
   * Reads /proc/meminfo and the limits of the control groups, of version 1 and 2.
   *
   * @param root the folder that holds {@code proc} and {@code sys}
   */
  static Memory read(Path root) {
    List<String> lines = Machine.lines(root.resolve("proc/meminfo"));
    long total = kilobytes(lines, "MemTotal:");
    long available = kilobytes(lines, "MemAvailable:");
    Memory memory = total < 0 || available < 0 ? UNKNOWN : new Memory(total, available);
    for (String line : Machine.lines(root.resolve("proc/self/cgroup"))) {
      String[] parts = line.split(":", 3); // number:controllers:path
      if (parts.length != 3) {
        continue;
      }
      Path group = root.resolve("sys/fs/cgroup");
      if (parts[0].equals("0") && parts[1].isEmpty()) {
        memory = memory.within(group, parts[2], List.of("memory.max", "memory.current"));
      } else if (List.of(parts[1].split(",")).contains("memory")) {
        List<String> files = List.of("memory.limit_in_bytes", "memory.usage_in_bytes");
        memory = memory.within(group.resolve("memory"), parts[2], files);
      }
    }
    return memory;
  }

  /** Applies the limits of a control group and of all that it is in. */
  private Memory within(Path top, String path, List<String> files) {
    Memory memory = this;
    Path group = top.resolve(path.replaceAll("^/+", "")).normalize();
    while (group != null && group.startsWith(top)) {
      long limit = number(group.resolve(files.get(0)));
      long used = number(group.resolve(files.get(1)));
      if (limit >= 0 && used >= 0) {
        long cached = cached(group.resolve("memory.stat"));
        long free = Math.max(0, limit - Math.max(0, used - cached));
        memory = new Memory(Math.min(memory.total, limit), Math.min(memory.available, free));
      }
      group = group.getParent();
    }
    return memory;
  }

  /** Returns the bytes of files in memory that are given up first. */
  private static long cached(Path stat) {
    long most = 0;
    for (String line : Machine.lines(stat)) {
      if (line.startsWith("inactive_file ") || line.startsWith("total_inactive_file ")) {
        most = Math.max(most, parse(line.substring(line.indexOf(' ') + 1)));
      }
    }
    return most;
  }

  private static long number(Path file) {
    return Machine.lines(file).stream().findFirst().map(Memory::parse).orElse(-1L);
  }

  private static long kilobytes(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key))
        .map(line -> parse(line.substring(key.length()).replace("kB", "")))
        .map(value -> value < 0 ? value : value << 10)
        .findFirst()
        .orElse(-1L);
  }

  /** Returns -1 where the text is no number, as the word max of a group without limit. */
  private static long parse(String text) {
    String digits = text.strip();
    return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : -1;
  }
}
