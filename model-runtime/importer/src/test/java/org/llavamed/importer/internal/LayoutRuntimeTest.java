package org.llavamed.importer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavamed.inference.ModelInspection;
import org.llavamed.inference.Precisions;
import org.llavamed.inference.Progress;
import org.llavamed.model.internal.Runtimes;

/** Every layout, imported and run by the runtime: prefill and each decode step as transformers. */
final class LayoutRuntimeTest {
  private static final float TOLERANCE = 1e-4f;

  @TempDir Path scratch;

  static Stream<Layout> layouts() throws IOException {
    return Layout.all().stream();
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void theRuntimeGivesTheLogitsOfTransformers(Layout layout) throws IOException {
    Path out = scratch.resolve("model");
    Imports.importer().importCheckpoint(layout.request(out, Precisions.FP32), Progress.NONE);
    int picture =
        new ObjectMapper()
            .readTree(out.resolve("llavamed.json").toFile())
            .path("imageTokenId")
            .asInt();
    List<Integer> prompt = layout.prompt(picture);
    List<Integer> tokens = new ArrayList<>(prompt);
    tokens.addAll(layout.tokens());
    try (ModelInspection model = Runtimes.runtime("auto").inspect(out)) {
      Optional<FloatBuffer> features =
          layout.sees()
              ? Optional.of(model.imageFeatures(FloatBuffer.wrap(layout.pixels())))
              : Optional.empty();
      List<FloatBuffer> found = model.logits(tokens, features, prompt.size());
      assertThat(largestDifference(found, layout.logits())).isLessThan(TOLERANCE);
    }
  }

  private static float largestDifference(List<FloatBuffer> found, List<float[]> expected) {
    assertThat(found).hasSameSizeAs(expected);
    float largest = 0;
    for (int step = 0; step < expected.size(); step++) {
      assertThat(found.get(step).remaining()).isEqualTo(expected.get(step).length);
      for (int i = 0; i < expected.get(step).length; i++) {
        largest = Math.max(largest, Math.abs(found.get(step).get(i) - expected.get(step)[i]));
      }
    }
    return largest;
  }
}
