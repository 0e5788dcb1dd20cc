package org.llavamed.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Half precision. */
final class HalfTest {
  @Test
  void everyFiniteNumberSurvives() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = Half.toFloat((short) bits);
      if (Float.isFinite(value)) {
        assertThat(Half.of(value)).isEqualTo((short) bits);
      }
    }
  }

  @Test
  void whatLiesBetweenGoesToTheNearestAndOfTwoToTheEven() {
    for (int bits = 0; bits < 0x7bff; bits++) {
      float low = Half.toFloat((short) bits);
      float high = Half.toFloat((short) (bits + 1));
      float middle = (low + high) / 2;
      assertThat(Half.of(middle)).isEqualTo((short) (bits + (bits & 1)));
      assertThat(Half.of(Math.nextDown(middle))).isEqualTo((short) bits);
      assertThat(Half.of(-Math.nextUp(middle))).isEqualTo((short) (0x8000 | (bits + 1)));
    }
  }

  @Test
  void whatIsTooLargeBecomesInfinite() {
    assertThat(Half.toFloat(Half.of(65519))).isEqualTo(65504);
    assertThat(Half.toFloat(Half.of(65520))).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Half.toFloat(Half.of(-1e30f))).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(Half.toFloat(Half.of(Float.NaN))).isNaN();
  }
}
