package org.llavamed.learning.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.engine.DType;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Tensor;
import org.llavamed.learning.TrainingException;

final class LlavaTest {
  private final TinyModel tiny = new TinyModel();
  private final Engine engine = tiny.engine();

  private Map<String, float[]> gradients(Llava model, Inputs inputs) {
    engine.seed(5);
    model.learn(inputs, 7);
    Map<String, float[]> gradients = new LinkedHashMap<>();
    model
        .parameters()
        .all()
        .forEach(
            (name, tensor) ->
                tensor.gradient().ifPresent(gradient -> gradients.put(name, gradient.floats())));
    model.parameters().all().values().forEach(Tensor::clearGradient);
    return gradients;
  }

  private void assertSameGradients(Llava kept, Llava computedAgain, Inputs inputs) {
    Map<String, float[]> expected = gradients(kept, inputs);
    Map<String, float[]> found = gradients(computedAgain, inputs);
    assertThat(expected).isNotEmpty();
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (name, numbers) -> assertThat(found.get(name)).as(name).containsExactly(numbers));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3})
  void computingBlocksAgainGivesTheSameGradients(double dropout) {
    Llava kept = tiny.open(new Llava.Settings(dropout, false, false));
    Llava again = tiny.open(new Llava.Settings(dropout, true, false));
    for (Set<Part> parts :
        List.of(
            EnumSet.allOf(Part.class),
            Set.of(Part.PROJECTOR),
            Set.of(Part.PROJECTOR, Part.DECODER),
            Set.of(Part.TOWER))) {
      kept.train(parts);
      again.train(parts);
      assertSameGradients(kept, again, tiny.inputs(0, 0));
    }
    kept.train(Set.of(Part.DECODER));
    again.train(Set.of(Part.DECODER));
    assertSameGradients(kept, again, tiny.inputs(4, 4));
  }

  @Test
  void computingBlocksAgainGivesTheSameGradientsOfAdapters() {
    Llava kept = tiny.open();
    Llava again = tiny.open(new Llava.Settings(0, true, false));
    AdapterFolder.read(engine, kept, TinyModel.folder("adapter"));
    AdapterFolder.read(engine, again, TinyModel.folder("adapter"));
    assertSameGradients(kept, again, tiny.inputs(1, 1));
  }

  @Test
  void computingBlocksAgainGivesTheSameGradientsUnderTheDropoutOfAdapters() {
    List<Llava> models =
        List.of(tiny.open(), tiny.open(new Llava.Settings(0, true, false))).stream()
            .map(this::adaptedWithDropout)
            .toList();
    assertSameGradients(models.get(0), models.get(1), tiny.inputs(1, 1));
  }

  @Test
  void dropoutOfAdaptersIsForLearningOnly() {
    Llava model = adaptedWithDropout(tiny.open());
    Inputs inputs = tiny.inputs(1, 1);
    double loss = model.loss(inputs);
    engine.seed(5);
    assertThat(model.learn(inputs, 1)).isNotEqualTo(loss);
    assertThat(model.loss(inputs)).isEqualTo(loss);
  }

  /** Puts adapters to a model that add something from the start. */
  private Llava adaptedWithDropout(Llava model) {
    engine.seed(3);
    model.adapters().add(new Lora(2, 4, 0.4, List.of("q_proj", "down_proj")));
    model
        .adapters()
        .tensors()
        .forEach((name, tensor) -> tensor.set(engine.uniform(tensor.size(0), tensor.size(1))));
    return model;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBatchOfTextAloneTeachesAProjectorNothing(boolean recompute) {
    Llava model = tiny.open(new Llava.Settings(0, recompute, false));
    model.train(Set.of(Part.PROJECTOR));
    Inputs text = tiny.inputs(4, 4);
    assertThat(text.pictures()).isEmpty();
    assertThat(model.learn(text, 1)).isEqualTo(model.loss(text));
    assertThat(model.parameters().all().values()).allMatch(tensor -> tensor.gradient().isEmpty());
  }

  @Test
  void frozenPartsForgetTheirGradients() {
    Llava model = tiny.open();
    model.train(EnumSet.allOf(Part.class));
    model.learn(tiny.inputs(0, 0), 1);
    model.train(Set.of(Part.PROJECTOR));
    model
        .parameters()
        .all()
        .forEach(
            (name, tensor) ->
                assertThat(tensor.gradient().isPresent())
                    .as(name)
                    .isEqualTo(Part.PROJECTOR.holds(name)));
  }

  @Test
  void adaptersKeepTheirGradientsWhereTheyGoOnLearning() {
    Llava model = adaptedWithDropout(tiny.open());
    model.learn(tiny.inputs(1, 1), 1);
    model.train(Set.of(Part.DECODER));
    assertThat(model.adapters().tensors().values())
        .allMatch(tensor -> tensor.gradient().isPresent());
    model.train(Set.of(Part.PROJECTOR));
    assertThat(model.adapters().tensors().values()).allMatch(tensor -> tensor.gradient().isEmpty());
  }

  @Test
  void theHashIsOfTheFrozenNamesAndNumbers() throws Exception {
    Llava model = tiny.open();
    model.train(Set.of(Part.PROJECTOR, Part.DECODER));
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    model
        .parameters()
        .of(Part.TOWER)
        .forEach(
            (name, tensor) -> {
              digest.update(name.getBytes(StandardCharsets.UTF_8));
              ByteBuffer numbers =
                  ByteBuffer.allocate(Math.toIntExact(4 * tensor.count()))
                      .order(ByteOrder.LITTLE_ENDIAN);
              numbers.asFloatBuffer().put(tensor.floats());
              digest.update(numbers);
            });
    assertThat(model.parameters().frozenHash())
        .isEqualTo(HexFormat.of().formatHex(digest.digest()));
  }

  @Test
  void dropoutIsForLearningOnly() {
    Llava model = tiny.open(new Llava.Settings(0.5, false, false));
    model.train(EnumSet.allOf(Part.class));
    Inputs inputs = tiny.inputs(0, 0);
    engine.seed(1);
    double first = model.learn(inputs, 1);
    engine.seed(1);
    assertThat(model.learn(inputs, 1)).isEqualTo(first);
    assertThat(model.learn(inputs, 1)).isNotEqualTo(first);
    assertThat(model.loss(inputs)).isEqualTo(tiny.open().loss(inputs));
  }

  @Test
  void lossIsWhatLearningReturns() {
    Llava model = tiny.open();
    model.train(Set.of(Part.PROJECTOR));
    Inputs inputs = tiny.inputs(2, 2);
    assertThat(model.learn(inputs, 3)).isEqualTo(model.loss(inputs));
  }

  @Test
  void featuresOfAFrozenTowerStandForPictures() {
    Llava model = tiny.open();
    Inputs pixels = tiny.inputs(0, 0);
    Tensor values = pixels.pictures().orElseThrow().values();
    Tensor features = model.features(values);
    assertThat(features.shape()).containsExactly(2L, 4L, 24L);
    assertThat(features.requiresGradient()).isFalse();
    assertThat(model.loss(pixels.withFeatures(features))).isEqualTo(model.loss(pixels));
  }

  @Test
  void whatStandsBehindARowChangesNothing() {
    Llava model = tiny.open();
    LongBuffer ids = LongBuffer.wrap(new long[] {1, 9, 8, 7, 0, 0});
    LongBuffer labels = LongBuffer.wrap(new long[] {-100, -100, 8, 7, -100, -100});
    double padded = model.loss(Inputs.of(engine, 1, ids, labels));
    double other =
        model.loss(Inputs.of(engine, 1, LongBuffer.wrap(new long[] {1, 9, 8, 7, 50, 60}), labels));
    double alone = model.loss(Inputs.of(engine, 1, ids.slice(0, 4), labels.slice(0, 4)));
    assertThat(padded).isEqualTo(other).isCloseTo(alone, within(1e-5));
  }

  @Test
  void idleLayersOfTheTowerAreKeptButNeverTrained() {
    Llava model = tiny.open();
    model.train(EnumSet.allOf(Part.class));
    String idle = "vision_tower.vision_model.encoder.layers.2.mlp.fc1.weight";
    assertThat(model.parameters().all()).containsKey(idle);
    assertThat(model.parameters().trained()).doesNotContainKey(idle);
    assertThat(model.parameters().trained(Part.TOWER))
        .containsKey("vision_tower.vision_model.encoder.layers.1.mlp.fc1.weight");
  }

  @Test
  void mergedAdaptersComputeTheSame() {
    Llava model = tiny.open();
    AdapterFolder.read(engine, model, TinyModel.folder("adapter"));
    float[] adapted = model.logits(tiny.inputs(0, 0)).floats();
    int parameters = model.parameters().all().size();
    model.adapters().merge();
    assertThat(model.logits(tiny.inputs(0, 0)).floats())
        .containsExactly(adapted, within(1e-5f))
        .isNotEqualTo(tiny.open().logits(tiny.inputs(0, 0)).floats());
    assertThat(model.parameters().all()).hasSize(parameters - 20);
    assertThat(model.adapters().lora()).isEmpty();
  }

  @Test
  void freshAdaptersChangeNothingAndOnlyTheyLearn() {
    Llava model = tiny.open();
    double before = model.loss(tiny.inputs(0, 0));
    model.adapters().add(new Lora(2, 4, 0.1, List.of("q_proj", "down_proj")));
    assertThat(model.loss(tiny.inputs(0, 0))).isEqualTo(before);
    assertThat(model.parameters().trained().keySet())
        .containsExactly(
            "language_model.model.layers.0.self_attn.q_proj.lora_A.weight",
            "language_model.model.layers.0.self_attn.q_proj.lora_B.weight",
            "language_model.model.layers.0.mlp.down_proj.lora_A.weight",
            "language_model.model.layers.0.mlp.down_proj.lora_B.weight",
            "language_model.model.layers.1.self_attn.q_proj.lora_A.weight",
            "language_model.model.layers.1.self_attn.q_proj.lora_B.weight",
            "language_model.model.layers.1.mlp.down_proj.lora_A.weight",
            "language_model.model.layers.1.mlp.down_proj.lora_B.weight");
    model.train(Set.of(Part.PROJECTOR, Part.DECODER));
    assertThat(model.parameters().trained(Part.DECODER)).hasSize(8);
    assertThat(model.parameters().trained(Part.PROJECTOR)).hasSize(4);
    assertThatThrownBy(() -> model.adapters().add(new Lora(2, 4, 0, List.of("q_proj"))))
        .isInstanceOf(TrainingException.class)
        .hasMessage("adapters: the model has some. Merge them before others are added.");
  }

  @Test
  void bf16ChangesTheLossByLittle() {
    Llava model = tiny.open(new Llava.Settings(0, false, true));
    model.train(EnumSet.allOf(Part.class));
    Inputs inputs = tiny.inputs(0, 0);
    double exact = tiny.open().loss(inputs);
    assertThat(model.learn(inputs, 1)).isNotEqualTo(exact).isCloseTo(exact, within(0.02 * exact));
    assertThat(model.parameters().trained().values())
        .allMatch(tensor -> tensor.gradient().orElseThrow().type() == DType.F32);
  }

  @Test
  void aBatchWithoutItsPicturesIsRefused() {
    Llava model = tiny.open();
    Inputs inputs = tiny.inputs(0, 0);
    Inputs text = new Inputs(inputs.ids(), inputs.places(), inputs.next(), Optional.empty());
    assertThatThrownBy(() -> model.loss(text))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "batch: its rows have 8 positions of pictures, its pictures fill 0. Give every picture"
                + " 4 positions of token 3.");
  }

  @Test
  void rowsOfDifferentLengthsAreRefused() {
    LongBuffer five = LongBuffer.allocate(5);
    assertThatThrownBy(() -> Inputs.of(engine, 2, five, five))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "batch: 5 ids and 5 labels in 2 rows. Give as many labels as ids, in rows of one"
                + " length.");
  }

  @Test
  void adaptersOfOtherLayersAreRefused() {
    assertThatThrownBy(() -> new Lora(4, 8, 0, List.of("q_proj", "fc1")))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith("adapters: their targets are [q_proj, fc1]. Name one or more of [");
    assertThatThrownBy(() -> new Lora(0, 8, 0, List.of("q_proj")))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "adapters: rank, alpha and dropout are 0, 8.0 and 0.0. Set a rank of 1 or more, an"
                + " alpha above 0 and a dropout from 0 to below 1.");
  }
}
