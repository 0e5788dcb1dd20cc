package org.llavamed.learning.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Tensor;
import org.llavamed.learning.loop.Tiny;
import org.llavamed.learning.model.PictureHead.Asked;

/** Against PyTorch: make_picture_head.py. */
final class PictureHeadTest {
  private final Engine engine = Tiny.engine();

  @Test
  void lossAndGradientAreThoseOfPyTorch() throws IOException {
    JsonNode golden = golden();
    var parameters = new Parameters(engine);
    var head = new PictureHead(engine, parameters, List.of(3, 2), 4);
    set(parameters, 0, golden, 3);
    set(parameters, 1, golden, 2);
    engine.inScope(
        () -> {
          Tensor shown = floats(golden.path("shown"), 3, 2, 4).requireGradient(true);
          Tensor loss =
              head.loss(
                  shown,
                  List.of(
                      new Asked(0, List.of(0, 2), List.of(2, 0)),
                      new Asked(1, List.of(1), List.of(1))));
          assertThat(loss.item()).isCloseTo(golden.path("loss").asDouble(), within(1e-4));
          loss.backward();
          float[] gradient = shown.gradient().orElseThrow().floats();
          assertThat(gradient).hasSize(24);
          for (int i = 0; i < gradient.length; i++) {
            assertThat((double) gradient[i])
                .isCloseTo(golden.path("gradient").get(i).asDouble(), within(1e-4));
          }
          return true;
        });
  }

  @Test
  void itsParametersAreAPartOfTheirOwn() {
    var parameters = new Parameters(engine);
    new PictureHead(engine, parameters, List.of(3, 2), 4);
    assertThat(parameters.of(Part.HEAD)).containsOnlyKeys("picture_head.0", "picture_head.1");
    assertThat(parameters.of(Part.DECODER)).isEmpty();
  }

  private void set(Parameters parameters, int question, JsonNode golden, int classes) {
    Tensor vectors = Objects.requireNonNull(parameters.all().get(PictureHead.NAME + question));
    engine.inScope(
        () ->
            engine.noGrad(
                () -> {
                  vectors.set(floats(golden.path("classes").get(question), classes, 4));
                  return true;
                }));
  }

  private Tensor floats(JsonNode numbers, long... shape) {
    FloatBuffer buffer = FloatBuffer.allocate(numbers.size());
    numbers.forEach(number -> buffer.put((float) number.asDouble()));
    return engine.floats(buffer.flip(), shape);
  }

  private static JsonNode golden() throws IOException {
    try (InputStream in = PictureHeadTest.class.getResourceAsStream("picture-head.json")) {
      return new ObjectMapper().readTree(Objects.requireNonNull(in));
    }
  }
}
