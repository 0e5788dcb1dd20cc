package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.inference.Generation;
import org.llavamed.inference.ModelException;
import org.llavamed.model.internal.Sampler.Drawn;
import org.llavamed.model.internal.schema.Constraint;

class SamplerTest {
  private static final Generation SAMPLING = Generation.GREEDY.withSampling(1, 0, 1, 5);

  /** Forbids all tokens but some. */
  private record Only(Set<Integer> tokens) implements Constraint {
    @Override
    public void mask(FloatBuffer logits) {
      for (int i = 0; i < logits.capacity(); i++) {
        if (!tokens.contains(i)) {
          logits.put(i, Float.NEGATIVE_INFINITY);
        }
      }
    }

    @Override
    public void accept(int token) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean complete() {
      throw new UnsupportedOperationException();
    }
  }

  private static FloatBuffer logits(float... values) {
    return FloatBuffer.wrap(values).asReadOnlyBuffer();
  }

  private static FloatBuffer random(SplittableRandom random, int vocabulary, int levels) {
    float[] values = new float[vocabulary];
    for (int i = 0; i < vocabulary; i++) {
      values[i] = levels == 0 ? (float) random.nextDouble(-8, 8) : random.nextInt(levels);
    }
    return FloatBuffer.wrap(values);
  }

  private static Set<Integer> allowed(Sampler sampler, int vocabulary) {
    Set<Integer> allowed = new HashSet<>();
    IntStream.range(0, vocabulary).filter(i -> sampler.share(i) > 0).forEach(allowed::add);
    return allowed;
  }

  @Test
  void greedyTakesTheLikeliestTokenTheFirstOfEqualsWhateverTheCutsSay() {
    Generation greedy = new Generation(8, 0, 1, 0.1, 1, 9, List.of());
    Drawn drawn = new Sampler(greedy, 4).draw(logits(1, 3, 3, -2), Constraint.NONE);
    assertThat(drawn.token()).isEqualTo(1);
    assertThat(drawn.logProbability())
        .isCloseTo(3 - Math.log(Math.E + 2 * Math.exp(3) + Math.exp(-2)), within(1e-12));
  }

  @Test
  void theProbabilityIsTheModelsOwnBeforeConstraintPenaltyTemperatureAndCuts() {
    Sampler sampler = new Sampler(new Generation(8, 0.1, 1, 0.5, 50, 1, List.of()), 3);
    sampler.saw(2);
    Drawn drawn = sampler.draw(logits(1, 2, 3), new Only(Set.of(0, 2)));
    assertThat(drawn.token()).isZero();
    assertThat(drawn.logProbability())
        .isCloseTo(1 - Math.log(Math.E + Math.exp(2) + Math.exp(3)), within(1e-12));
  }

  @Test
  void whatWasSeenIsLessLikelyAlsoForTheGreedyOne() {
    Sampler sampler = new Sampler(Generation.GREEDY.withRepetitionPenalty(2), 3);
    assertThat(sampler.draw(logits(3, 2, -1), Constraint.NONE).token()).isZero();
    sampler.saw(0);
    assertThat(sampler.draw(logits(3, 2, -1), Constraint.NONE).token()).isEqualTo(1);
    assertThat(sampler.draw(logits(-1, -1.5f, -3), Constraint.NONE).token()).isEqualTo(1);
  }

  @Test
  void theLogitsAreLeftAsTheyAre() {
    FloatBuffer logits = FloatBuffer.wrap(new float[] {3, 2, -1, 0});
    Sampler sampler = new Sampler(new Generation(8, 2, 2, 0.5, 3, 1, List.of()), 4);
    sampler.saw(0);
    sampler.draw(logits, new Only(Set.of(0, 1)));
    assertThat(logits).isEqualTo(logits(3, 2, -1, 0));
    assertThat(logits.position()).isZero();
  }

  @Test
  void logitsThatAreNotFiniteAreAnError() {
    Sampler sampler = new Sampler(Generation.GREEDY, 2);
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> sampler.draw(logits(1, bad), Constraint.NONE))
          .isInstanceOf(ModelException.class)
          .hasMessage(
              "model: its numbers overflow (a logit is not finite). Import the checkpoint with"
                  + " --precision fp32.");
    }
    float none = Float.NEGATIVE_INFINITY;
    assertThatThrownBy(() -> sampler.draw(logits(none, none), Constraint.NONE))
        .isInstanceOf(ModelException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -7, Long.MAX_VALUE})
  void theSameSeedGivesTheSameTokensWhateverElseIsDrawn(long seed) {
    SplittableRandom random = new SplittableRandom(11);
    Generation generation = SAMPLING.withSampling(1.5, 40, 0.95, seed);
    Sampler one = new Sampler(generation, 100);
    Sampler two = new Sampler(generation, 100);
    Sampler other = new Sampler(generation.withSampling(1.5, 40, 0.95, seed + 1), 100);
    List<Drawn> ones = new ArrayList<>();
    List<Drawn> twos = new ArrayList<>();
    List<Drawn> others = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      FloatBuffer logits = random(random, 100, 0);
      ones.add(one.draw(logits, Constraint.NONE));
      others.add(other.draw(logits, Constraint.NONE));
      twos.add(two.draw(logits, Constraint.NONE));
    }
    assertThat(twos).isEqualTo(ones);
    assertThat(others).isNotEqualTo(ones);
  }

  /** The tokens are those of SplitMix64, as written in C by its author: (u >>> 11) / 2^53 * 8. */
  @Test
  void aSeedGivesTheseTokensOnEveryMachine() {
    Sampler sampler = new Sampler(SAMPLING.withSampling(1, 0, 1, 42), 8);
    FloatBuffer even = logits(0, 0, 0, 0, 0, 0, 0, 0);
    assertThat(
            IntStream.range(0, 12).map(i -> sampler.draw(even, Constraint.NONE).token()).toArray())
        .containsExactly(5, 1, 2, 2, 0, 6, 1, 6, 2, 4, 1, 3);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 5, 60})
  void topKAndTopPLeaveWhatSortingEverythingLeaves(int levels) {
    SplittableRandom random = new SplittableRandom(23);
    for (int round = 0; round < 300; round++) {
      int vocabulary = random.nextInt(1, 200);
      FloatBuffer logits = random(random, vocabulary, levels);
      double temperature = random.nextDouble(0.05, 4);
      int topK = random.nextBoolean() ? 0 : random.nextInt(1, vocabulary + 5);
      double topP = random.nextBoolean() ? 1 : random.nextDouble(1e-6, 1);
      Generation generation = SAMPLING.withSampling(temperature, topK, topP, round);
      Sampler sampler = new Sampler(generation, vocabulary);
      int token = sampler.draw(logits, Constraint.NONE).token();
      Set<Integer> allowed = allowed(sampler, vocabulary);
      assertThat(allowed)
          .as("round %d, levels %d: %s", round, levels, generation)
          .isEqualTo(sorted(logits, generation))
          .contains(token);
    }
  }

  /** Sorts all tokens and walks down: the plain way. */
  private static Set<Integer> sorted(FloatBuffer logits, Generation generation) {
    List<Integer> tokens = new ArrayList<>(IntStream.range(0, logits.capacity()).boxed().toList());
    tokens.sort(Comparator.comparing((Integer token) -> logits.get(token)).reversed());
    if (generation.topK() > 0 && generation.topK() < tokens.size()) {
      float least = logits.get(tokens.get(generation.topK() - 1));
      tokens.removeIf(token -> logits.get(token) < least);
    }
    float most = logits.get(tokens.get(0));
    double[] weights =
        tokens.stream()
            .mapToDouble(
                i -> StrictMath.exp((logits.get(i) - (double) most) / generation.temperature()))
            .toArray();
    double sum = 0;
    for (int id : tokens.stream().sorted().toList()) {
      sum += weights[tokens.indexOf(id)];
    }
    Set<Integer> left = new HashSet<>();
    double reached = 0;
    for (int i = 0; i < weights.length; i++) {
      if (generation.topP() == 1 ? weights[i] > 0 : reached < generation.topP() * sum) {
        left.add(tokens.get(i));
      }
      reached += weights[i];
    }
    return left;
  }

  @Test
  void extremeSettingsLeaveTheLikeliestToken() {
    for (double topP : new double[] {Double.MIN_VALUE, 1e-17, 0.5, 1}) {
      for (double temperature : new double[] {Double.MIN_VALUE, 1e-9, 1e-3}) {
        Sampler sampler = new Sampler(SAMPLING.withSampling(temperature, 0, topP, 3), 3);
        assertThat(sampler.draw(logits(-1e30f, 7, 6), Constraint.NONE).token()).isEqualTo(1);
      }
    }
    Sampler even = new Sampler(SAMPLING.withSampling(1, 0, 1e-17, 3), 3);
    assertThat(even.draw(logits(2, 2, 2), Constraint.NONE).token()).isZero();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 1, 2.5})
  void tokensAreDrawnAsOftenAsTheirProbabilitySays(double temperature) {
    SplittableRandom random = new SplittableRandom(31);
    for (double topP : new double[] {1, 0.8}) {
      FloatBuffer logits = random(random, 30, 0);
      Sampler sampler = new Sampler(SAMPLING.withSampling(temperature, 12, topP, 17), 30);
      int[] counts = new int[30];
      int draws = 20_000;
      for (int i = 0; i < draws; i++) {
        counts[sampler.draw(logits, Constraint.NONE).token()]++;
      }
      double chiSquare = 0;
      int cells = 0;
      for (int i = 0; i < 30; i++) {
        double expected = sampler.share(i) * draws;
        assertThat(counts[i] == 0 || expected > 0).as("token %d", i).isTrue();
        if (expected > 5) {
          cells++;
          chiSquare += (counts[i] - expected) * (counts[i] - expected) / expected;
        }
      }
      assertThat(cells).isGreaterThan(0);
      assertThat(chiSquare).isLessThan(cells + 4 * Math.sqrt(2 * cells) + 4);
    }
  }

  @Test
  void probabilitiesAreThoseOfHuggingFaceTransformers() throws IOException {
    JsonNode golden;
    try (InputStream in = SamplerTest.class.getResourceAsStream("sampler.json")) {
      golden = new ObjectMapper().readTree(Objects.requireNonNull(in));
    }
    assertThat(golden.get("cases")).hasSize(48);
    for (JsonNode test : golden.get("cases")) {
      int vocabulary = test.get("logits").size();
      FloatBuffer logits = FloatBuffer.allocate(vocabulary);
      test.get("logits").forEach(value -> logits.put(value.floatValue()));
      Sampler sampler = new Sampler(generation(test), vocabulary);
      test.get("seen").forEach(token -> sampler.saw(token.asInt()));
      Drawn drawn = sampler.draw(logits, Constraint.NONE);
      assertThat(drawn.logProbability())
          .isCloseTo(test.get("logProbabilities").get(drawn.token()).asDouble(), within(2e-5));
      for (int i = 0; i < vocabulary; i++) {
        double share = test.get("shares").get(i).asDouble();
        assertThat(sampler.share(i)).as("token %d of %s", i, test).isCloseTo(share, within(1e-5));
        assertThat(sampler.share(i) > 0).as("token %d of %s", i, test).isEqualTo(share > 0);
      }
    }
  }

  private static Generation generation(JsonNode test) {
    return Generation.GREEDY
        .withSampling(
            test.get("temperature").asDouble(),
            test.get("topK").asInt(),
            test.get("topP").asDouble(),
            1)
        .withRepetitionPenalty(test.get("repetitionPenalty").asDouble());
  }
}
