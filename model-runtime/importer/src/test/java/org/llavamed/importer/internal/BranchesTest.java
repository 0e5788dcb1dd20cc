package org.llavamed.importer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Precisions;
import org.llavamed.inference.Progress;
import org.llavamed.model.internal.Readings;

/** Prompts that are read in one run get what each gets alone. */
final class BranchesTest {
  private static final long SEED = 11;
  private static final int VOCABULARY = 96;

  @TempDir Path scratch;

  @ParameterizedTest
  @CsvSource({"INT8, 40", "INT8, 0", "INT4, 40", "FP32, 40"})
  void promptsThatAreReadTogetherGetTheLogitsThatTheyGetAlone(Precision precision, int prefix) {
    Path model = scratch.resolve("model");
    Imports.importer()
        .importCheckpoint(
            new Layout("text-mha-llama").request(model, Precisions.of(precision)), Progress.NONE);
    List<List<Integer>> prompts = prompts(prefix);
    Readings alone = Readings.of(model, prompts, prefix, 1);
    Readings together = Readings.of(model, prompts, prefix, prompts.size());
    assertThat(alone.steps()).isEqualTo(prompts.size());
    // One step for the last token of all prompts where they were read together, one for the next.
    boolean branches = precision != Precision.FP32 && prefix > 0;
    assertThat(together.steps()).isEqualTo(branches ? 2 : 1);
    double most = 0.02;
    for (int i = 0; i < prompts.size(); i++) {
      // With two decoders the 4-bit one goes on alone, and the 8-bit one where there are several.
      for (int token = 0; token < (precision == Precision.INT4 ? 1 : 2); token++) {
        FloatBuffer found = together.logits().get(i).get(token);
        FloatBuffer expected = alone.logits().get(i).get(token);
        assertThat(difference(found, expected)).as("prompt %d", i).isLessThan(most);
        FloatBuffer other = alone.logits().get((i + 1) % prompts.size()).get(token);
        assertThat(difference(found, other)).as("another prompt than %d", i).isGreaterThan(most);
      }
    }
  }

  /** Prompts that share a beginning, one of them with a single token behind it. */
  private static List<List<Integer>> prompts(int prefix) {
    Random random = new Random(SEED);
    List<Integer> beginning = random.ints(prefix, 3, VOCABULARY).boxed().toList();
    List<List<Integer>> prompts = new ArrayList<>();
    for (int length : List.of(9, 1, 14, 5, 20)) {
      List<Integer> tokens = new ArrayList<>(beginning);
      random.ints(length, 3, VOCABULARY).forEach(tokens::add);
      prompts.add(List.copyOf(tokens));
    }
    return prompts;
  }

  private static double difference(FloatBuffer a, FloatBuffer b) {
    double largest = 0;
    for (int i = 0; i < a.capacity(); i++) {
      largest = Math.max(largest, Math.abs(a.get(i) - b.get(i)));
    }
    return largest;
  }
}
