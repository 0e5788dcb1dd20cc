package org.llavamed.command.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Precisions;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that say how weights are stored: one for all parts, and one for each part. */
final class PrecisionOptions {
  private static final String NONE = "none";
  private static final List<Integer> BLOCKS = List.of(32, 64, 128);

  @Option(
      names = "--precision",
      paramLabel = "PRECISION",
      description =
          "fp32, fp16, int8 or int4 (default: fp32). With int8 and int4 the tower stays"
              + " fp32; with int4 a second decoder of int8 reads the prompts.")
  private @Nullable Precision precision;

  @Option(
      names = "--vision",
      paramLabel = "PRECISION",
      description = "Of the vision tower: fp32, fp16 or int8.")
  private @Nullable Precision vision;

  @Option(
      names = "--decoder",
      paramLabel = "PRECISION",
      description = "Of the decoder: fp32, fp16, int8 or int4.")
  private @Nullable Precision decoder;

  @Option(
      names = "--prefill",
      paramLabel = "PRECISION",
      description = "Of a second decoder that reads the prompts: fp32, int8, int4 or none.")
  private @Nullable String prefill;

  @Option(
      names = "--lm-head",
      paramLabel = "PRECISION",
      description = "Of the output matrix in an int4 decoder: int8 (default) or int4.")
  private @Nullable Precision lmHead;

  @Option(
      names = "--block",
      paramLabel = "N",
      description = "Weights that share a scale in an int4 decoder: 32 (default), 64 or 128.")
  private @Nullable Integer block;

  /** Returns whether any of the options was given. */
  boolean given() {
    return precision != null
        || vision != null
        || decoder != null
        || prefill != null
        || lmHead != null
        || block != null;
  }

  /**
   * Returns what was asked for.
   *
   * @throws ParameterException if the options do not fit together
   */
  Precisions precisions(CommandLine line) {
    Precisions whole = Precisions.of(precision == null ? Precision.FP32 : precision);
    Precisions usual = decoder == null ? whole : Precisions.of(decoder);
    Precision tower = vision == null ? whole.vision() : vision;
    expect(line, tower != Precision.INT4, "--vision is int4, expected fp32, fp16 or int8");
    Optional<Precision> reader = prefill == null ? usual.prefill() : reader(line, prefill);
    checkReader(line, usual.decoder(), reader);
    boolean blocks =
        usual.decoder() == Precision.INT4 || reader.equals(Optional.of(Precision.INT4));
    String only =
        " is only for int4 decoders, expected none beside --decoder " + name(usual.decoder());
    expect(line, blocks || lmHead == null, "--lm-head" + only);
    expect(line, blocks || block == null, "--block" + only);
    Precision head = lmHead == null ? usual.lmHead() : lmHead;
    expect(
        line,
        head == Precision.INT8 || head == Precision.INT4,
        "--lm-head is %s, expected int8 or int4".formatted(name(head)));
    int shared = block == null ? usual.block() : block;
    expect(
        line, BLOCKS.contains(shared), "--block is %d, expected 32, 64 or 128".formatted(shared));
    return new Precisions(tower, usual.decoder(), reader, head, shared);
  }

  private static Optional<Precision> reader(CommandLine line, String prefill) {
    if (prefill.equalsIgnoreCase(NONE)) {
      return Optional.empty();
    }
    Optional<Precision> found =
        Arrays.stream(Precision.values())
            .filter(one -> one.name().equalsIgnoreCase(prefill))
            .findFirst();
    expect(
        line,
        found.isPresent(),
        "--prefill is '%s', expected fp32, int8, int4 or none".formatted(prefill));
    return found;
  }

  /** Both decoders share one KV cache, whose numbers are float16 only for fp16. */
  private static void checkReader(CommandLine line, Precision decoder, Optional<Precision> reader) {
    if (reader.isEmpty()) {
      return;
    }
    Precision prefill = reader.get();
    expect(
        line,
        prefill != decoder,
        "--prefill is %1$s as the decoder is, expected another precision, or none"
            .formatted(name(prefill)));
    expect(
        line,
        prefill != Precision.FP16 && decoder != Precision.FP16,
        "--prefill is %s beside a decoder of %s, expected none, as fp16 shares no KV cache with others"
            .formatted(name(prefill), name(decoder)));
  }

  private static String name(Precision precision) {
    return precision.name().toLowerCase(Locale.ROOT);
  }

  private static void expect(CommandLine line, boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(line, message);
    }
  }
}
