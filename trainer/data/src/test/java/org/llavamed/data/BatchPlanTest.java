package org.llavamed.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.data.BatchPlan.Shape;
import org.llavamed.data.BatchPlan.Source;

/** Over sources of random sizes and lengths. */
final class BatchPlanTest {
  private static final int ROUNDS = 200;

  @Test
  void everySampleIsReadOnceInAnEpochWhereWeightsAreOne() {
    rounds(
        (sources, shape, random) -> {
          BatchPlan plan = BatchPlan.of(sources, shape, random.nextLong(), random.nextInt(100));
          assertThat(all(plan)).containsExactlyInAnyOrderElementsOf(numbers(sources));
        });
  }

  @Test
  void noBatchHasSamplesWithAPictureAndWithout() {
    rounds(
        (sources, shape, random) -> {
          List<Boolean> pictured = sources.stream().flatMap(s -> s.pictured().stream()).toList();
          BatchPlan plan = BatchPlan.of(sources, shape, random.nextLong(), 0);
          for (int i = 0; i < plan.size(); i++) {
            assertThat(plan.batch(i).stream().map(pictured::get).distinct()).hasSize(1);
          }
        });
  }

  @Test
  void onlyTheLastBatchOfAKindIsSmaller() {
    rounds(
        (sources, shape, random) -> {
          BatchPlan plan = BatchPlan.of(sources, shape, random.nextLong(), 0);
          int full = shape.batch() * shape.processes();
          List<Integer> sizes =
              IntStream.range(0, plan.size()).mapToObj(i -> plan.batch(i).size()).toList();
          assertThat(sizes).allMatch(size -> size >= 1 && size <= full);
          assertThat(sizes.stream().filter(size -> size < full)).hasSizeLessThanOrEqualTo(2);
        });
  }

  @Test
  void theSameArgumentsGiveTheSamePlanAndOthersAnother() {
    List<Source> sources = List.of(source(300, 1, new SplittableRandom(3)));
    Shape shape = new Shape(4, 1);
    List<Integer> first = all(BatchPlan.of(sources, shape, 7, 2));
    assertThat(all(BatchPlan.of(sources, shape, 7, 2))).isEqualTo(first);
    assertThat(all(BatchPlan.of(sources, shape, 8, 2))).isNotEqualTo(first);
    assertThat(all(BatchPlan.of(sources, shape, 7, 3))).isNotEqualTo(first);
  }

  @Test
  void theProcessesPartsAreTheBatchOfOneProcessOfTheSameSize() {
    rounds(
        (sources, shape, random) -> {
          long seed = random.nextLong();
          BatchPlan plan = BatchPlan.of(sources, shape, seed, 1);
          var one = new Shape(shape.batch() * shape.processes(), 1);
          BatchPlan alone = BatchPlan.of(sources, one, seed, 1);
          assertThat(plan.size()).isEqualTo(alone.size());
          for (int i = 0; i < plan.size(); i++) {
            List<Integer> joined = new ArrayList<>();
            for (int process = 0; process < shape.processes(); process++) {
              List<Integer> part = part(plan, i, process);
              assertThat(part).hasSizeLessThanOrEqualTo(shape.batch());
              joined.addAll(part);
            }
            assertThat(joined).isEqualTo(part(alone, i, 0)).isEqualTo(plan.batch(i));
          }
        });
  }

  @Test
  void batchesAreOfSimilarLengths() {
    List<Source> sources = List.of(source(4000, 1, new SplittableRandom(5)));
    List<Integer> lengths = sources.get(0).lengths();
    BatchPlan plan = BatchPlan.of(sources, new Shape(8, 1), 1, 1);
    double filled = 0;
    double random = 0;
    for (int i = 0; i < plan.size(); i++) {
      List<Integer> batch = plan.batch(i);
      filled += batch.size() * batch.stream().mapToInt(lengths::get).max().orElseThrow();
      random +=
          batch.size()
              * IntStream.range(i * 8, Math.min(4000, i * 8 + 8)).map(lengths::get).max().orElse(0);
    }
    double used = lengths.stream().mapToInt(Integer::intValue).sum();
    assertThat(filled / used).isLessThan(1.1);
    assertThat(random / used).isGreaterThan(1.4);
  }

  @ParameterizedTest
  @CsvSource({"0.25, 25, 0", "1, 100, 1", "2.5, 250, 2", "3, 300, 3"})
  void aWeightSaysHowOftenASampleIsTaken(double weight, int taken, int least) {
    var random = new SplittableRandom(11);
    List<Source> sources = List.of(source(10, 1, random), source(100, weight, random));
    BatchPlan plan = BatchPlan.of(sources, new Shape(3, 2), 5, 0);
    Map<Integer, Long> times =
        all(plan).stream()
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    assertThat(IntStream.range(0, 10)).allMatch(i -> times.getOrDefault(i, 0L) == 1);
    long second = IntStream.range(10, 110).mapToLong(i -> times.getOrDefault(i, 0L)).sum();
    assertThat(second).isEqualTo(taken);
    assertThat(IntStream.range(10, 110))
        .allMatch(
            i -> times.getOrDefault(i, 0L) >= least && times.getOrDefault(i, 0L) <= least + 1);
  }

  @Test
  void theTakesOfASampleInAnEpochAreCounted() {
    List<Source> sources = List.of(source(100, 2.5, new SplittableRandom(2)));
    Shape shape = new Shape(3, 2);
    BatchPlan plan = BatchPlan.of(sources, shape, 5, 0);
    List<BatchPlan.Take> takes = new ArrayList<>();
    for (int i = 0; i < plan.size(); i++) {
      for (int process = 0; process < 2; process++) {
        takes.addAll(plan.takes(i, process));
      }
    }
    assertThat(takes).hasSize(250).doesNotHaveDuplicates();
    assertThat(takes.stream().filter(take -> take.before() == 0)).hasSize(100);
    assertThat(takes.stream().filter(take -> take.before() == 1)).hasSize(100);
    assertThat(takes.stream().filter(take -> take.before() == 2)).hasSize(50);
  }

  @Test
  void ofASourceOfTheLeastWeightOneSampleIsTaken() {
    List<Source> sources = List.of(source(10, 1e-9, new SplittableRandom(1)));
    BatchPlan plan = BatchPlan.of(sources, new Shape(4, 2), 1, 0);
    assertThat(plan.size()).isEqualTo(1);
    assertThat(plan.batch(0)).hasSize(1);
  }

  @Test
  void anEpochWithoutSamplesIsRefused() {
    List<Source> sources = List.of(source(0, 1, new SplittableRandom(1)));
    assertThatThrownBy(() -> BatchPlan.of(sources, new Shape(1, 1), 0, 0))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "data: they have no sample, so an epoch has no batch. Name files with samples.");
  }

  @Test
  void whichSamplesAreTakenMoreOftenIsDrawnAnewInEachEpoch() {
    List<Source> sources = List.of(source(100, 0.5, new SplittableRandom(1)));
    Shape shape = new Shape(4, 1);
    List<Integer> first = new ArrayList<>(all(BatchPlan.of(sources, shape, 1, 0)));
    List<Integer> second = new ArrayList<>(all(BatchPlan.of(sources, shape, 1, 1)));
    Collections.sort(first);
    Collections.sort(second);
    assertThat(first).hasSize(50).isNotEqualTo(second);
  }

  @Test
  void anEpochThatWouldNotFitMemoryIsRefused() {
    List<Source> sources =
        List.of(
            new Source(Collections.nCopies(1 << 20, 1), Collections.nCopies(1 << 20, true), 999));
    assertThatThrownBy(() -> BatchPlan.of(sources, new Shape(1, 1), 0, 0))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("an epoch would take 1047527424 samples, expected at most 134217728");
  }

  private interface Property {
    void check(List<Source> sources, Shape shape, SplittableRandom random);
  }

  private static void rounds(Property property) {
    for (int round = 0; round < ROUNDS; round++) {
      var random = new SplittableRandom(round);
      List<Source> sources = new ArrayList<>();
      sources.add(source(random.nextInt(1, 300), 1, random));
      for (int i = random.nextInt(0, 3); i > 0; i--) {
        sources.add(source(random.nextInt(0, 300), 1, random));
      }
      property.check(sources, new Shape(random.nextInt(1, 6), random.nextInt(1, 5)), random);
    }
  }

  private static Source source(int size, double weight, SplittableRandom random) {
    List<Integer> lengths = IntStream.range(0, size).mapToObj(i -> random.nextInt(1, 200)).toList();
    double share = random.nextDouble();
    List<Boolean> pictured =
        IntStream.range(0, size).mapToObj(i -> random.nextDouble() < share).toList();
    return new Source(lengths, pictured, weight);
  }

  private static List<Integer> numbers(List<Source> sources) {
    int size = sources.stream().mapToInt(source -> source.lengths().size()).sum();
    return IntStream.range(0, size).boxed().toList();
  }

  private static List<Integer> all(BatchPlan plan) {
    return IntStream.range(0, plan.size()).boxed().flatMap(i -> plan.batch(i).stream()).toList();
  }

  private static List<Integer> part(BatchPlan plan, int index, int process) {
    return plan.takes(index, process).stream().map(BatchPlan.Take::sample).toList();
  }
}
