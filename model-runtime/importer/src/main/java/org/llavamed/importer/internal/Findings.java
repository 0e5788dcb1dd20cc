package org.llavamed.importer.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.llavamed.checkpoint.Json;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.Precision;

/** What the self-check found about each decoder of a model folder. */
final class Findings {
  private final Map<Precision, Comparison> compared = new TreeMap<>();
  private final Map<Precision, String> notRun = new TreeMap<>();

  /** A decoder was run. */
  void add(Precision decoder, Comparison found) {
    compared.put(decoder, found);
  }

  /** A decoder was not run. */
  void addNotRun(Precision decoder, String reason) {
    notRun.put(decoder, reason);
  }

  /**
   * Accepts the model where no decoder is too far from the checkpoint.
   *
   * @throws ModelException if one is
   */
  void expectClose(Path checkpoint) {
    List<String> far = new ArrayList<>();
    compared.forEach(
        (decoder, found) -> {
          if (!found.holds()) {
            far.add(
                "the %s decoder names the checkpoint's next token at %d of %d positions"
                    .formatted(Description.name(decoder), found.equal(), found.positions()));
          }
        });
    if (!far.isEmpty()) {
      throw ModelException.invalid(
          checkpoint,
          "%s, expected a share of %s or more, and finite logits"
              .formatted(String.join("; ", far), Comparison.BOUND),
          "Import in a finer precision, or keep the model with --any-quality");
    }
  }

  /** Writes the worst figures, then those of each decoder. */
  ObjectNode toJson() {
    ObjectNode node = Json.object();
    if (!compared.isEmpty()) {
      put(node, List.copyOf(compared.values()));
    }
    if (!notRun.isEmpty()) {
      node.put(
          "notRun",
          notRun.entrySet().stream()
              .map(entry -> Description.name(entry.getKey()) + " " + entry.getValue())
              .collect(Collectors.joining("; ")));
    }
    ObjectNode decoders = node.putObject("decoders");
    compared.forEach(
        (decoder, found) -> put(decoders.putObject(Description.name(decoder)), List.of(found)));
    notRun.forEach(
        (decoder, reason) -> decoders.putObject(Description.name(decoder)).put("notRun", reason));
    return node;
  }

  /** Writes the worst figures of some, differences rounded up to two digits, the share down. */
  private static void put(ObjectNode node, List<Comparison> all) {
    double share = all.stream().mapToDouble(Comparison::share).min().orElse(0);
    node.put("positions", all.get(0).positions());
    node.put("equalNextTokens", rounded(share, RoundingMode.DOWN));
    node.put("bound", Comparison.BOUND);
    node.put("largestLogitDifference", largest(all, Comparison::largest));
    node.put("meanLogitDifference", largest(all, Comparison::mean));
  }

  private static double largest(List<Comparison> all, ToDoubleFunction<Comparison> figure) {
    return rounded(all.stream().mapToDouble(figure).max().orElse(0), RoundingMode.UP);
  }

  /** JSON has no infinity: the largest number stands for it. */
  private static double rounded(double value, RoundingMode mode) {
    return Double.isFinite(value)
        ? BigDecimal.valueOf(value).round(new MathContext(2, mode)).doubleValue()
        : Double.MAX_VALUE;
  }
}
