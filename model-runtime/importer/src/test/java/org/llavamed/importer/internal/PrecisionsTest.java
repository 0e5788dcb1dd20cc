package org.llavamed.importer.internal;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Precisions;

/** Which parts fit together. */
final class PrecisionsTest {
  @Test
  void halfPrecisionSharesNoCache() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(Precision.INT4, Precision.FP16))
        .withMessageContaining("prefill is FP16, expected none beside fp16");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(Precision.FP16, Precision.INT8))
        .withMessageContaining("prefill is INT8, expected none beside fp16");
  }

  private static Precisions of(Precision decoder, Precision prefill) {
    return new Precisions(Precision.FP32, decoder, Optional.of(prefill), Precision.INT8, 32);
  }
}
