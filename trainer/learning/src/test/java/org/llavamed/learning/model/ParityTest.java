package org.llavamed.learning.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.checkpoint.Json;
import org.llavamed.engine.Tensor;

/**
 * The model learns as transformers' and peft's do on Python's PyTorch: same losses, step by step.
 */
final class ParityTest {
  private static final double NEAR = 1e-4;

  @TempDir Path scratch;

  private final TinyModel tiny = new TinyModel();

  private void assertCurve(String name, Llava model, TinyModel.Run run) {
    List<List<Double>> found = tiny.train(model, run);
    JsonNode expected = tiny.curve(name);
    List<Double> losses = tiny.numbers(expected.path("losses"));
    List<Double> norms = tiny.numbers(expected.path("norms"));
    assertThat(losses).hasSize(run.steps());
    double worst = 0;
    for (int step = 0; step < run.steps(); step++) {
      double loss = found.get(0).get(step);
      worst = Math.max(worst, Math.abs(loss - losses.get(step)));
      assertThat(loss)
          .as("%s, loss of step %d", name, step)
          .isCloseTo(losses.get(step), within(NEAR));
      assertThat(found.get(1).get(step))
          .as("%s, norm of step %d", name, step)
          .isCloseTo(norms.get(step), within(1e-3 * norms.get(step)));
    }
    System.out.printf(
        "%s: largest difference of a loss in %d steps: %.2g%n", name, run.steps(), worst);
  }

  private void assertLogits(String name, Llava model) {
    Tensor logits = model.logits(tiny.inputs(0, 0));
    assertThat(logits.shape()).containsExactly(2L, 15L, 80L);
    float[] last = Arrays.copyOfRange(logits.floats(), 14 * 80, 15 * 80);
    List<Double> expected = tiny.numbers(tiny.curve(name));
    for (int i = 0; i < expected.size(); i++) {
      assertThat((double) last[i]).as("%s %d", name, i).isCloseTo(expected.get(i), within(NEAR));
    }
  }

  @Test
  void givesTheLogitsOfTransformers() {
    assertLogits("logits", tiny.open());
  }

  @Test
  void learnsAsTransformersWhereEverythingIsTrained() {
    Llava model = tiny.open();
    model.train(EnumSet.allOf(Part.class));
    assertCurve("scratch", model, new TinyModel.Run(3e-3, 0.05, 20, 20));
  }

  @Test
  void learnsAsPeftWithAdapters() {
    Llava model = tiny.open();
    AdapterFolder.read(tiny.engine(), model, TinyModel.folder("adapter"));
    assertLogits("adapted_logits", model);
    model.train(Set.of(Part.DECODER));
    String frozen = model.parameters().frozenHash();
    assertCurve("adapters", model, new TinyModel.Run(1e-2, 0, 20, 20));
    assertThat(model.parameters().frozenHash()).isEqualTo(frozen);
    assertThat(model.parameters().trained().keySet()).allMatch(name -> name.contains(".lora_"));
    assertOnlyTrainedHaveGradients(model);
  }

  @Test
  void learnsAsTransformersWhereTheProjectorIsTrainedAlone() {
    Llava model = tiny.open();
    model.train(Set.of(Part.PROJECTOR));
    String frozen = model.parameters().frozenHash();
    assertCurve("projector", model, new TinyModel.Run(1e-2, 0, 20, 4));
    assertThat(model.parameters().frozenHash()).isEqualTo(frozen);
    assertThat(model.parameters().trained()).hasSize(4);
    assertOnlyTrainedHaveGradients(model);
  }

  private static void assertOnlyTrainedHaveGradients(Llava model) {
    model
        .parameters()
        .all()
        .forEach(
            (name, tensor) ->
                assertThat(tensor.gradient().isPresent())
                    .as(name)
                    .isEqualTo(tensor.requiresGradient()));
  }

  @Test
  void learnsAsTransformersWithATiedOutputAndTheExactGelu() throws IOException {
    Path model = TinyModel.folder("model");
    ObjectNode config = Json.object(model.resolve("config.json"));
    config.put("tie_word_embeddings", true);
    ((ObjectNode) config.path("text_config")).put("tie_word_embeddings", true);
    ((ObjectNode) config.path("vision_config")).put("hidden_act", "gelu");
    Json.write(scratch.resolve("config.json"), config);
    Files.copy(model.resolve("model.safetensors"), scratch.resolve("model.safetensors"));
    Llava tied = Origin.folder(scratch).open(tiny.engine(), Llava.Settings.PLAIN);
    assertThat(tied.parameters().all()).doesNotContainKey("language_model.lm_head.weight");
    tied.train(EnumSet.allOf(Part.class));
    assertCurve("tied", tied, new TinyModel.Run(3e-3, 0, 3, 20));
  }
}
