package org.llavamed.inference;

import java.util.Optional;

/**
 * How the parts of a model are stored.
 *
 * @param vision of tower and projector: any but {@link Precision#INT4}
 * @param decoder of the decoder that writes answers
 * @param prefill of a second decoder that reads prompts, over the same key-value cache; absent
 *     where one decoder does both
 * @param lmHead of the output matrix in the 4-bit decoder: {@link Precision#INT8} or {@link
 *     Precision#INT4}; elsewhere it is stored as the decoder is
 * @param block weights that share a scale in the 4-bit decoder: 32, 64 or 128
 */
public record Precisions(
    Precision vision, Precision decoder, Optional<Precision> prefill, Precision lmHead, int block) {
  /** Everything in full precision. */
  public static final Precisions FP32 = of(Precision.FP32);

  public Precisions {
    expect(vision != Precision.INT4, "vision", vision, "fp32, fp16 or int8");
    expect(block == 32 || block == 64 || block == 128, "block", block, "32, 64 or 128");
    expect(lmHead == Precision.INT8 || lmHead == Precision.INT4, "lmHead", lmHead, "int8 or int4");
    expect(
        prefill.isEmpty() || prefill.get() != decoder,
        "prefill",
        prefill.orElse(decoder),
        "another precision than the decoder's, or none");
    expect(
        prefill.isEmpty() || (prefill.get() != Precision.FP16 && decoder != Precision.FP16),
        "prefill",
        prefill.orElse(decoder),
        "none beside fp16, which shares no key-value cache with others");
  }

  /**
   * The usual parts of a precision: the tower stays float32 beside whole numbers, 4-bit weights get
   * blocks of 32, an 8-bit output matrix and an 8-bit decoder for prompts.
   */
  public static Precisions of(Precision precision) {
    return switch (precision) {
      case FP32, FP16 -> new Precisions(precision, precision, Optional.empty(), Precision.INT8, 32);
      case INT8 -> new Precisions(Precision.FP32, precision, Optional.empty(), Precision.INT8, 32);
      case INT4 ->
          new Precisions(
              Precision.FP32, precision, Optional.of(Precision.INT8), Precision.INT8, 32);
    };
  }

  private static void expect(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("%s is %s, expected %s".formatted(name, value, expected));
    }
  }
}
