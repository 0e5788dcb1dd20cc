package org.llavamed.model.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.llavamed.inference.Diagnosis.Measurement;
import org.llavamed.inference.ModelException;

/**
 * Chooses which of the graphs of a model folder are run: those that answer a question soonest, as
 * far as the memory allows. Where there is nothing to choose, nothing is measured.
 */
final class GraphChooser {
  /** A question about a picture, in positions: the picture with its text, and the answer. */
  private static final int PROMPT = 640;

  private static final int ANSWER = 32;

  /** A second graph takes memory: it has to save that share of the time. */
  private static final double WORTH = 0.1;

  private final ModelFolder folder;
  private final ModelSettings settings;
  private final boolean cuda;
  private final Memory memory;
  private final List<DecoderFile> decoders;
  private final List<String> visions;

  /** Two graphs that read prompts and write answers; or the same twice. */
  private record Pair(DecoderFile prefill, DecoderFile step) {
    boolean single() {
      return prefill.equals(step);
    }

    List<DecoderFile> files() {
      return single() ? List.of(prefill) : List.of(prefill, step);
    }

    String name() {
      String first = Spelling.of(prefill.variant());
      return single() ? first : first + " for prompts and " + Spelling.of(step.variant());
    }
  }

  /**
   * Looks at what there is.
   *
   * @param cuda whether graphs run on a CUDA device
   * @param memory that is there
   * @throws ModelException if there is no graph of the language model
   */
  GraphChooser(ModelFolder folder, ModelSettings settings, boolean cuda, Memory memory) {
    this.folder = folder;
    this.settings = settings;
    this.cuda = cuda;
    this.memory = settings.sessions().ignoreMemoryCheck() ? Memory.UNKNOWN : memory;
    this.decoders = DecoderFile.of(folder, cuda);
    this.visions = folder.visions();
  }

  /** Returns the graphs that a measurement would help to choose from; none where it would not. */
  List<String> open() {
    List<String> names = new ArrayList<>();
    if (cuda) {
      return names;
    }
    if (decoders.size() > 1 && settings.sessions().variant() == DecoderVariant.AUTO) {
      decoders.stream()
          .filter(file -> fits(new Pair(file, file)))
          .forEach(f -> names.add(f.name()));
    }
    if (names.size() == 1) {
      names.clear();
    }
    if (visions.size() > 1) {
      names.addAll(visions);
    }
    return names;
  }

  /**
   * Chooses.
   *
   * @param measured of every graph that {@link #open()} names
   * @throws ModelException if the configuration asks for a graph that is not there
   */
  GraphChoice choose(Map<String, Measurement> measured) {
    Optional<String> vision = vision(measured);
    List<Measurement> all = List.copyOf(new TreeMap<>(measured).values());
    DecoderVariant asked = settings.sessions().variant();
    if (asked != DecoderVariant.AUTO) {
      Pair pair = forced(asked);
      return choice(vision, pair, "decoderVariant is " + Spelling.of(asked), all);
    }
    if (decoders.size() == 1) {
      return choice(vision, single(decoders.get(0)), "it is the only one in the folder", all);
    }
    if (cuda) {
      return choice(vision, onCuda(), "on CUDA graphs in 16-bit floating point go first", all);
    }
    return fastest(vision, measured, all);
  }

  /** Chooses by the precision that the model's description states: the same on every machine. */
  GraphChoice withoutMeasurement() {
    if (cuda || decoders.size() == 1 || settings.sessions().variant() != DecoderVariant.AUTO) {
      return choose(Map.of());
    }
    Pair pair = usual().stream().filter(this::fits).findFirst().orElse(single(least()));
    return choice(
        vision(Map.of()), pair, pair.name() + ": nothing was measured on this machine", List.of());
  }

  /** Returns what is run where nothing was measured, the best first. */
  private List<Pair> usual() {
    List<Pair> pairs = new ArrayList<>();
    Optional<DecoderFile> int8 = DecoderFile.find(decoders, DecoderVariant.INT8);
    Optional<DecoderFile> int4 = DecoderFile.find(decoders, DecoderVariant.INT4);
    if (int8.isPresent() && int4.isPresent()) {
      pairs.add(new Pair(int8.get(), int4.get()));
      pairs.add(single(int4.get()));
    }
    decoders.stream()
        .filter(f -> Spelling.of(f.variant()).equals(folder.description().precision()))
        .forEach(stated -> pairs.add(single(stated)));
    decoders.forEach(file -> pairs.add(single(file)));
    return pairs;
  }

  private GraphChoice fastest(
      Optional<String> vision, Map<String, Measurement> measured, List<Measurement> all) {
    List<DecoderFile> known =
        decoders.stream()
            .filter(file -> measured.containsKey(file.name()) && fits(single(file)))
            .toList();
    if (known.isEmpty()) {
      DecoderFile least = least();
      return choice(vision, single(least), "no other fits the memory", all);
    }
    Function<Pair, Double> seconds = pair -> seconds(pair, measured);
    Pair one = best(known.stream().map(GraphChooser::single).toList(), seconds);
    Pair two = best(pairs(known).stream().filter(this::fits).toList(), seconds);
    boolean worth = isWorth(two, one, seconds);
    Pair taken = worth ? two : one;
    String words = words(taken, seconds) + (worth ? ", against " + words(one, seconds) : "");
    Pair wished = best(pairs(known), seconds);
    String reason = isWorth(wished, taken, seconds) ? words + "; " + lacks(wished) : words;
    return choice(vision, taken, reason, all);
  }

  private static boolean isWorth(Pair pair, Pair other, Function<Pair, Double> seconds) {
    return seconds.apply(pair) <= seconds.apply(other) * (1 - WORTH);
  }

  private String lacks(Pair two) {
    return "%s would be faster, but need %s and %s are available"
        .formatted(
            two.name(),
            MemoryNeed.gigabytes(need(two).peak()),
            MemoryNeed.gigabytes(memory.available()));
  }

  private static String words(Pair pair, Function<Pair, Double> seconds) {
    return String.format(
        Locale.ROOT,
        "%s: %.2f s for %d positions of a prompt and %d of an answer",
        pair.name(),
        seconds.apply(pair),
        PROMPT,
        ANSWER);
  }

  private static double seconds(Pair pair, Map<String, Measurement> measured) {
    Measurement prefill = measured.get(pair.prefill().name());
    Measurement step = measured.get(pair.step().name());
    return prefill == null || step == null
        ? Double.MAX_VALUE
        : PROMPT / prefill.prefillTokensPerSecond() + ANSWER / step.decodeTokensPerSecond();
  }

  private static Pair best(List<Pair> pairs, Function<Pair, Double> seconds) {
    Pair best = pairs.get(0);
    for (Pair pair : pairs) {
      best = seconds.apply(pair) < seconds.apply(best) ? pair : best;
    }
    return best;
  }

  /** Returns all pairs that can share a key-value cache. */
  private static List<Pair> pairs(List<DecoderFile> files) {
    List<Pair> pairs = new ArrayList<>();
    for (DecoderFile prefill : files) {
      for (DecoderFile step : files) {
        if (prefill.cacheNumberBytes() == step.cacheNumberBytes()) {
          pairs.add(new Pair(prefill, step));
        }
      }
    }
    return pairs;
  }

  private Pair forced(DecoderVariant asked) {
    if (asked == DecoderVariant.INT8_AND_INT4) {
      return new Pair(asked(DecoderVariant.INT8), asked(DecoderVariant.INT4));
    }
    return single(asked(asked));
  }

  private DecoderFile asked(DecoderVariant variant) {
    return DecoderFile.find(decoders, variant)
        .orElseThrow(
            () ->
                ModelException.invalid(
                    folder.path(),
                    "has no decoder in %s, which decoderVariant asks for; it has %s"
                        .formatted(
                            Spelling.of(variant),
                            String.join(
                                ", ",
                                decoders.stream().map(f -> Spelling.of(f.variant())).toList())),
                    "Set decoderVariant=auto in conf/org.llavamed.model.cfg, or import the"
                        + " checkpoint in that precision"));
  }

  private Pair onCuda() {
    return single(DecoderFile.find(decoders, DecoderVariant.FP16).orElse(decoders.get(0)));
  }

  private Optional<String> vision(Map<String, Measurement> measured) {
    String best = null;
    for (String name : visions) {
      boolean half = cuda && name.endsWith("_fp16.onnx");
      if (best == null || half || seconds(name, measured) < seconds(best, measured)) {
        best = name;
      }
    }
    return Optional.ofNullable(best);
  }

  private static double seconds(String vision, Map<String, Measurement> measured) {
    Measurement found = measured.get(vision);
    return found == null ? Double.MAX_VALUE : found.pictureSeconds();
  }

  private GraphChoice choice(
      Optional<String> vision, Pair pair, String reason, List<Measurement> all) {
    return new GraphChoice(vision, pair.prefill(), pair.step(), reason, all);
  }

  private static Pair single(DecoderFile file) {
    return new Pair(file, file);
  }

  private DecoderFile least() {
    DecoderFile least = decoders.get(0);
    for (DecoderFile file : decoders) {
      least = file.memory() < least.memory() ? file : least;
    }
    return least;
  }

  private boolean fits(Pair pair) {
    return need(pair).fits(memory);
  }

  private MemoryNeed need(Pair pair) {
    long largest =
        visions.stream()
            .mapToLong(name -> MemoryNeed.ofWeights(folder, name, cuda))
            .max()
            .orElse(0);
    int positions = Math.min(folder.description().context(), settings.mostPositions());
    return MemoryNeed.of(folder.description(), pair.files(), largest, positions);
  }
}
