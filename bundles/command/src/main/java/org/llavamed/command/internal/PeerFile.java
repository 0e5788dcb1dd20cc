package org.llavamed.command.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Speeds of other programs, as their scripts print them; see docs/performance.md. */
final class PeerFile {
  private static final Pattern LINE =
      Pattern.compile("(\\S+) (?:.* )?ctx (\\d+) prefill ([\\d.]+) decode ([\\d.]+)");

  private PeerFile() {}

  /**
   * A speed of another program.
   *
   * @param peer name of the program
   * @param figure name that our own figure of the same kind has
   * @param tokensPerSecond median of the file's lines
   */
  record Speed(String peer, String figure, double tokensPerSecond) {}

  /**
   * Reads a file.
   *
   * @return none where no line has the form
   * @throws IOException if it cannot be read
   */
  static List<Speed> read(Path file) throws IOException {
    Map<List<String>, List<Double>> speeds = new TreeMap<>(PeerFile::inOrder);
    for (String line : Files.readAllLines(file)) {
      Matcher matcher = LINE.matcher(line.strip());
      if (matcher.matches()) {
        String peer = matcher.group(1);
        String context = matcher.group(2);
        add(speeds, List.of(peer, "prefill of " + context), matcher.group(3));
        add(speeds, List.of(peer, "decode at " + context), matcher.group(4));
      }
    }
    List<Speed> medians = new ArrayList<>();
    speeds.forEach((key, values) -> medians.add(new Speed(key.get(0), key.get(1), median(values))));
    return medians;
  }

  private static int inOrder(List<String> a, List<String> b) {
    return a.equals(b) ? 0 : String.join(" ", a).compareTo(String.join(" ", b));
  }

  private static void add(Map<List<String>, List<Double>> speeds, List<String> key, String number) {
    speeds.computeIfAbsent(key, any -> new ArrayList<>()).add(Double.parseDouble(number));
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
