package org.llavamed.model.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The processor and the memory that this process may use. Linux tells; of other systems only the
 * number of processors and the architecture are known.
 *
 * @param processor model name, else the architecture
 * @param features of the processor that decide how fast small numbers are multiplied, in the words
 *     of Linux, sorted
 * @param processors that the process may use
 * @param cores of the processor that the process may use: two hardware threads of one core share
 *     what multiplies, and count once
 * @param memory that the process may use
 */
record Machine(String processor, List<String> features, int processors, int cores, Memory memory) {
  private static final Logger LOG = System.getLogger(Machine.class.getName());
  private static final Path ROOT = Path.of("/");

  /** Flags of x86 and ARM that ONNX Runtime's kernels make a difference by. */
  private static final List<String> TELLING =
      List.of(
          "amx_bf16",
          "amx_int8",
          "asimddp",
          "avx",
          "avx2",
          "avx512_bf16",
          "avx512_vnni",
          "avx512f",
          "avx_vnni",
          "bf16",
          "f16c",
          "fma",
          "i8mm",
          "sve");

  Machine {
    features = List.copyOf(features);
  }

  /** Returns this machine as it is now. */
  static Machine here() {
    return read(ROOT, Runtime.getRuntime().availableProcessors());
  }

  /**
   * Reads what Linux tells.
   *
   * @param root the folder that holds {@code proc} and {@code sys}
   * @param processors that the process may use
   */
  static Machine read(Path root, int processors) {
    List<String> lines = lines(root.resolve("proc/cpuinfo"));
    String name =
        values(lines, "model name").stream()
            .findFirst()
            .orElse(System.getProperty("os.arch", "unknown"));
    Set<String> flags = new HashSet<>();
    for (String key : List.of("flags", "Features")) {
      values(lines, key).forEach(value -> flags.addAll(List.of(value.split(" ", -1))));
    }
    List<String> features = TELLING.stream().filter(flags::contains).toList();
    BitSet allowed = allowed(lines(root.resolve("proc/self/status")));
    return new Machine(
        name, features, processors, cores(lines, allowed, processors), Memory.read(root));
  }

  /** Returns whether more wants to run than there are processors; false where nobody tells. */
  boolean busy() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage() > processors;
  }

  /** Returns the numbers of the processors that the process may use; none where nobody tells. */
  private static BitSet allowed(List<String> status) {
    BitSet allowed = new BitSet();
    for (String list : values(status, "Cpus_allowed_list")) {
      for (String range : list.split(",", -1)) {
        String[] ends = range.split("-", 2);
        if (Stream.of(ends).allMatch(end -> end.matches("[0-9]{1,5}"))) {
          int from = Integer.parseInt(ends[0]);
          allowed.set(from, Math.max(from, Integer.parseInt(ends[ends.length - 1])) + 1);
        }
      }
    }
    return allowed;
  }

  private static int cores(List<String> lines, BitSet allowed, int processors) {
    List<String> numbers = values(lines, "processor");
    List<String> packages = values(lines, "physical id");
    List<String> cores = values(lines, "core id");
    if (cores.isEmpty() || cores.size() != packages.size()) {
      return processors;
    }
    Set<String> all = new HashSet<>();
    for (int i = 0; i < cores.size(); i++) {
      String number = i < numbers.size() ? numbers.get(i) : "";
      if (allowed.isEmpty()
          || !number.matches("[0-9]{1,5}")
          || allowed.get(Integer.parseInt(number))) {
        all.add(packages.get(i) + "/" + cores.get(i));
      }
    }
    return Math.max(1, Math.min(all.size(), processors));
  }

  private static List<String> values(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.indexOf(':') > 0)
        .filter(line -> line.substring(0, line.indexOf(':')).strip().equals(key))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .toList();
  }

  /** Returns the lines of a file of the system; none where it is not there. */
  static List<String> lines(Path file) {
    if (!Files.isReadable(file)) {
      return List.of();
    }
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "{0} cannot be read: {1}", file, e);
      return List.of();
    }
  }
}
