package org.llavamed.command.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llavamed.command.Text;

/**
 * Figures of other programs, as their scripts print them; see docs/performance.md.
 *
 * @param figures medians, in the order in which they were first named
 * @param unread lines that have none of the forms and are not blank, each with its number
 */
record PeerFile(List<PeerFigure> figures, List<String> unread) {
  static final String FORMS = "'NAME ... ctx N prefill X decode Y' or 'NAME FIGURE: X s'";

  private static final String TOKENS = "tokens/s";
  private static final String SECONDS = "s";
  private static final String NUMBER = "(\\d{1,9}(?:\\.\\d{1,9})?)";
  private static final Pattern DECODER =
      Pattern.compile("(\\S+) (?:.* )?ctx (\\d+) prefill %s decode %s".formatted(NUMBER, NUMBER));
  private static final Pattern TIMED = Pattern.compile("(\\S+) (\\S.*): %s s".formatted(NUMBER));

  PeerFile {
    figures = List.copyOf(figures);
    unread = List.copyOf(unread);
  }

  /**
   * A figure of another program.
   *
   * @param peer name of the program
   * @param figure name that our own figure of the same kind has
   * @param unit tokens/s, or s
   * @param median of the file's lines, above 0
   */
  record PeerFigure(String peer, String figure, String unit, double median) {
    /** Returns how many times as fast as the program we are, from a figure of ours. */
    double ratio(double ours) {
      return unit.equals(SECONDS) ? median / ours : ours / median;
    }
  }

  private record Key(String peer, String figure, String unit) {}

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read
   */
  static PeerFile read(Path file) throws IOException {
    Map<Key, List<Double>> values = new LinkedHashMap<>();
    List<String> unread = new ArrayList<>();
    int number = 0;
    // Programs print whatever they like beside the lines that count, in any character set.
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    for (String line : text.lines().toList()) {
      number++;
      if (!take(line.strip(), values) && !line.isBlank()) {
        unread.add("line %d: %s".formatted(number, Text.line(line.strip())));
      }
    }
    List<PeerFigure> figures = new ArrayList<>();
    values.forEach(
        (key, some) ->
            figures.add(new PeerFigure(key.peer(), key.figure(), key.unit(), median(some))));
    return new PeerFile(figures, unread);
  }

  /** Returns whether a line has one of the forms, with numbers above 0. */
  private static boolean take(String line, Map<Key, List<Double>> values) {
    Matcher decoder = DECODER.matcher(line);
    if (decoder.matches()) {
      String peer = decoder.group(1);
      String context = decoder.group(2);
      double prefill = Double.parseDouble(decoder.group(3));
      double decode = Double.parseDouble(decoder.group(4));
      if (prefill > 0 && decode > 0) {
        add(values, new Key(peer, "prefill of " + context, TOKENS), prefill);
        add(values, new Key(peer, "decode at " + context, TOKENS), decode);
        return true;
      }
    }
    Matcher timed = TIMED.matcher(line);
    if (timed.matches() && Double.parseDouble(timed.group(3)) > 0) {
      Key key = new Key(timed.group(1), timed.group(2), SECONDS);
      add(values, key, Double.parseDouble(timed.group(3)));
      return true;
    }
    return false;
  }

  private static void add(Map<Key, List<Double>> values, Key key, double value) {
    values.computeIfAbsent(key, any -> new ArrayList<>()).add(value);
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
