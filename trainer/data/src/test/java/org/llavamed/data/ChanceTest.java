package org.llavamed.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class ChanceTest {
  /** The published example of SplitMix64, seed 1234567. */
  @Test
  void theNumbersAreThoseOfSplitMix64() {
    var chance = new Chance(1234567);
    assertThat(Long.toUnsignedString(chance.next())).isEqualTo("6457827717110365317");
    assertThat(Long.toUnsignedString(chance.next())).isEqualTo("3203168211198807973");
    assertThat(Long.toUnsignedString(chance.next())).isEqualTo("9817491932198370423");
    assertThat(Long.toUnsignedString(chance.next())).isEqualTo("4593380528125082431");
    assertThat(Long.toUnsignedString(chance.next())).isEqualTo("16408922859458223821");
  }

  @Test
  void everyPartOfAPurposeCounts() {
    long first = Chance.of("a", 1, 2).next();
    assertThat(Chance.of("a", 1, 2).next()).isEqualTo(first);
    assertThat(Chance.of("a", 12).next()).isNotEqualTo(first);
    assertThat(Chance.of("a", 2, 1).next()).isNotEqualTo(first);
    assertThat(Chance.of("b", 1, 2).next()).isNotEqualTo(first);
  }

  @Test
  void numbersAreSpreadAsTheyAreMeantToBe() {
    var chance = Chance.of("spread");
    double[] signed = DoubleStream.generate(chance::signed).limit(100_000).toArray();
    assertThat(DoubleStream.of(signed)).allMatch(value -> value >= -1 && value < 1);
    assertThat(DoubleStream.of(signed).average().orElseThrow()).isCloseTo(0, within(0.01));
    double[] bell = DoubleStream.generate(chance::bell).limit(100_000).toArray();
    assertThat(DoubleStream.of(bell).average().orElseThrow()).isCloseTo(0, within(0.015));
    assertThat(DoubleStream.of(bell).map(v -> v * v).average().orElseThrow())
        .isCloseTo(1, within(0.02));
    long[] counts = new long[7];
    IntStream.range(0, 70_000).forEach(i -> counts[chance.below(7)]++);
    assertThat(LongStream.of(counts)).allMatch(count -> Math.abs(count - 10_000) < 400);
  }

  @Test
  void aShuffleKeepsAllNumbersAndReachesEveryOrder() {
    long[] orders = new long[321 + 1];
    var chance = Chance.of("orders");
    for (int i = 0; i < 6000; i++) {
      int[] numbers = {1, 2, 3};
      chance.shuffle(numbers);
      assertThat(numbers).containsExactlyInAnyOrder(1, 2, 3);
      orders[numbers[0] * 100 + numbers[1] * 10 + numbers[2]]++;
    }
    for (int order : new int[] {123, 132, 213, 231, 312, 321}) {
      assertThat(orders[order]).isBetween(850L, 1150L);
    }
  }
}
