package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddingTableTest {
  /** Values of IEEE 754-2019's binary16, as numpy.float16 reads them. */
  @ParameterizedTest
  @CsvSource({
    "0x0000, 0",
    "0x8000, -0.0",
    "0x3c00, 1",
    "0xc000, -2",
    "0x7bff, 65504",
    "0x0400, 6.1035156e-5",
    "0x0001, 5.9604645e-8",
    "0x03ff, 6.097555e-5",
    "0x3555, 0.33325195",
    "0x7c00, Infinity",
    "0xfc00, -Infinity",
    "0x7e00, NaN"
  })
  void readsFloat16(String bits, float value) {
    assertThat(Float.valueOf(EmbeddingTable.ofHalf((short) (int) Integer.decode(bits))))
        .isEqualTo(Float.valueOf(value));
  }
}
