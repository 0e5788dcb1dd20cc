package org.llavamed.learning.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.data.DataException;
import org.llavamed.engine.Tensor;
import org.llavamed.learning.TrainingException;
import org.llavamed.learning.model.TensorFile;
import org.llavamed.learning.recipe.Recipe;
import org.llavamed.learning.run.RunEvent;
import org.llavamed.learning.run.RunFolder;

final class TrainingTest {
  /** What makes a run depend on all random numbers there are. */
  private static final Map<String, String> CHANCES =
      Map.of(
          "model.dropout", "0.1",
          "batch.size", "3",
          "batch.accumulation", "2",
          "data.0.weight", "1.5",
          "pictures.augmentation.rotation", "20",
          "pictures.augmentation.noise", "0.1");

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    Tiny.write(folder);
  }

  @Test
  void samplesAreLearnedByHeartAndAnsweredRight() {
    Recipe recipe =
        recipe(
            "run",
            Map.of(
                "optimiser.steps",
                "60",
                "batch.accumulation",
                "2",
                "data.0.file",
                folder + "/mixed.json",
                "validation.file",
                folder + "/validation.json",
                "validation.pictures",
                folder + "/pictures",
                "validation.every",
                "40"));
    List<RunEvent> told = Tiny.run(recipe, false);
    List<Double> losses = Tiny.losses(told);
    assertThat(losses.get(0)).isCloseTo(Math.log(32), within(0.3));
    assertThat(losses.get(losses.size() - 1)).isLessThan(0.05);
    List<RunEvent.Evaluated> evaluated = Tiny.only(RunEvent.Evaluated.class, told);
    assertThat(evaluated).extracting(RunEvent.Evaluated::step).containsExactly(40L, 60L);
    assertThat(evaluated.get(1).accuracy()).isEqualTo(1);
    assertThat(evaluated.get(1).samples()).isEqualTo(3);
    try (var asked = Answers.of(Tiny.folder(recipe).model())) {
      for (String colour : Tiny.COLOURS) {
        assertThat(asked.answer("what colour is it", folder.resolve("pictures/" + colour + ".png")))
            .isEqualTo(colour);
      }
      assertThat(asked.answer("what colour is the sky")).isEqualTo("very blue");
    }
  }

  @Test
  void picturesAreToldApartWithoutTheDecoder() {
    var settings =
        Map.of(
            "objective", "pictures",
            "rates.decoder", "0",
            "optimiser.steps", "40",
            "checkpoints.every", "15");
    Recipe recipe = recipe("run", settings);
    List<Double> losses = Tiny.losses(Tiny.run(recipe, false));
    assertThat(losses.get(0)).isGreaterThan(1);
    assertThat(losses.get(39)).isLessThan(0.05);
    Map<String, Tensor> learned = Tiny.weights(Tiny.folder(recipe));
    assertThat(learned.keySet()).noneMatch(name -> name.startsWith("picture_head"));
    Recipe start = recipe("start", Map.of("optimiser.steps", "1", "rates.decoder", "1e-12"));
    Tiny.run(start, false);
    Tensor words = of(learned, "language_model.lm_head.weight");
    assertThat(words.floats())
        .isEqualTo(of(Tiny.weights(Tiny.folder(start)), "language_model.lm_head.weight").floats());
  }

  @Test
  void picturesThatAreToldApartGoOnBitByBit() throws IOException {
    var settings = new HashMap<>(CHANCES);
    settings.putAll(Map.of("objective", "pictures", "rates.decoder", "0"));
    settings.put("checkpoints.every", "3");
    Recipe whole = recipe("whole", settings);
    List<RunEvent> expected = Tiny.run(whole, false);
    Recipe cut = recipe("cut", settings);
    assertThat(cutInThirdStep(cut)).hasSize(3);
    assertThat(Tiny.losses(Tiny.run(cut, true))).isEqualTo(Tiny.losses(expected).subList(3, 6));
    assertSameFiles(whole, cut);
  }

  @Test
  void samplesWithoutAPictureAreNotToldApart() {
    var settings =
        Map.of(
            "objective", "pictures", "rates.decoder", "0", "data.0.file", folder + "/mixed.json");
    assertThatThrownBy(() -> Tiny.run(recipe("run", settings), false))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("sample 'sky': it has no picture");
  }

  @Test
  void whatIsToldSaysWhatIsDone() {
    Recipe recipe =
        recipe("run", Map.of("batch.size", "3", "batch.accumulation", "2", "optimiser.steps", "3"));
    List<RunEvent> told = Tiny.run(recipe, false);
    var started = Tiny.only(RunEvent.Started.class, told).get(0);
    assertThat(started.steps()).isEqualTo(3);
    assertThat(started.stepsPerEpoch()).isEqualTo(2);
    assertThat(started.samples()).isEqualTo(8);
    assertThat(started.parameters()).isGreaterThan(started.trained()); // the tower's last layer
    assertThat(started.processes()).isOne();
    List<RunEvent.Step> steps = Tiny.only(RunEvent.Step.class, told);
    assertThat(steps.get(0).samples() + steps.get(1).samples()).isEqualTo(8);
    assertThat(steps).allMatch(step -> step.tokens() == 13 * step.samples());
    assertThat(steps.get(1).epoch()).isEqualTo(1);
    assertThat(steps.get(2).epoch()).isCloseTo(1 + 2 / 3.0, within(1e-12));
    assertThat(steps).extracting(RunEvent.Step::tower).containsExactly(0.0, 1e-2, 5e-3);
    assertThat(told.get(told.size() - 1))
        .isInstanceOfSatisfying(
            RunEvent.Finished.class,
            end -> assertThat(end.model()).isEqualTo(Tiny.folder(recipe).model().toString()));
  }

  @Test
  void aRunThatWasAskedToEndGoesOnBitByBit() throws IOException {
    Recipe whole = recipe("whole", CHANCES);
    List<RunEvent> expected = Tiny.run(whole, false);
    Recipe cut = recipe("cut", CHANCES);
    assertThat(cutInThirdStep(cut)).hasSize(3);
    Files.createDirectories(Tiny.folder(cut).checkpoints().resolve("step-00000004.half/x"));

    List<RunEvent> second = Tiny.run(cut, true);

    assertThat(Tiny.only(RunEvent.Started.class, second).get(0).resumedFrom())
        .endsWith("step-00000003");
    assertThat(Tiny.losses(second)).isEqualTo(Tiny.losses(expected).subList(3, 6));
    assertSameFiles(whole, cut);
    assertThat(Tiny.folder(cut).checkpoints().resolve("step-00000004.half")).doesNotExist();
  }

  @Test
  void aRunThatIsDoneWritesItsModelAgain() throws IOException {
    Recipe recipe = recipe("run", Map.of());
    Tiny.run(recipe, false);
    Path weights = Tiny.folder(recipe).model().resolve("model.safetensors");
    byte[] before = Files.readAllBytes(weights);
    WholeFolder.remove(Tiny.folder(recipe).model());
    assertThat(Tiny.losses(Tiny.run(recipe, true))).isEmpty();
    assertThat(Files.readAllBytes(weights)).isEqualTo(before);
  }

  @Test
  void batchesThatAreAddedAreOneLargeBatch() {
    List<RunEvent> large = Tiny.run(recipe("large", Tiny.SLOWLY), false);
    var parts = new HashMap<>(Tiny.SLOWLY);
    parts.putAll(Map.of("batch.size", "2", "batch.accumulation", "4"));
    List<RunEvent> added = Tiny.run(recipe("added", parts), false);
    assertClose(Tiny.losses(large), Tiny.losses(added));
    assertCloseWeights("large", "added");
  }

  @Test
  void computingBlocksAgainGivesTheSame() {
    var again = new HashMap<>(CHANCES);
    again.putAll(Tiny.SLOWLY);
    List<RunEvent> kept = Tiny.run(recipe("kept", again), false);
    again.put("gradientCheckpointing", "true");
    assertClose(Tiny.losses(kept), Tiny.losses(Tiny.run(recipe("again", again), false)));
    assertCloseWeights("kept", "again");
  }

  @Test
  void featuresOnDiskGiveTheSame() throws IOException {
    var cached = new HashMap<>(Tiny.SLOWLY);
    cached.putAll(Map.of("rates.tower", "0", "batch.size", "3"));
    List<RunEvent> computed = Tiny.run(recipe("computed", cached), false);
    cached.put("featureCache", "true");
    Recipe recipe = recipe("cached", cached);
    assertClose(Tiny.losses(computed), Tiny.losses(Tiny.run(recipe, false)));
    assertCloseWeights("computed", "cached");
    Path cache = Tiny.folder(recipe).cache();
    assertThat(cache.resolve("features-0.bin")).hasSize(8 * 4 * 32 * 4);
    assertThat(Files.readAllLines(cache.resolve("features-0.index"))).hasSize(1 + 8);
  }

  @Test
  void whatIsFrozenStaysBitByBit() {
    Recipe start = recipe("start", Map.of("optimiser.steps", "1"));
    Tiny.run(start, false);
    Recipe recipe =
        recipe(
            "projector",
            Map.of(
                "model.folder", Tiny.folder(start).model().toString(),
                "data.0.file", folder + "/mixed.json",
                "batch.size", "2",
                "rates.tower", "0",
                "rates.decoder", "0"));
    Tiny.run(recipe, false);
    Map<String, Tensor> before = weights(start);
    weights(recipe)
        .forEach(
            (name, tensor) ->
                assertThat(Arrays.equals(tensor.floats(), of(before, name).floats()))
                    .as(name)
                    .isEqualTo(!name.startsWith("multi_modal_projector.")));
  }

  @Test
  void adaptersLeaveTheirBaseAndAreWrittenBesideTheMergedModel() {
    Recipe start = recipe("start", Map.of("optimiser.steps", "1"));
    Tiny.run(start, false);
    Recipe recipe =
        recipe(
            "lora",
            Map.of(
                "model.folder", Tiny.folder(start).model().toString(),
                "rates.tower", "0",
                "lora.rank", "4",
                "lora.alpha", "8",
                "lora.targets", "[q_proj, down_proj]"));
    List<Double> losses = Tiny.losses(Tiny.run(recipe, false));
    assertThat(losses.get(5)).isLessThan(losses.get(0));
    assertThat(Tiny.folder(recipe).adapter())
        .isDirectoryContaining("glob:**/adapter_config.json")
        .isDirectoryContaining("glob:**/adapter_model.safetensors")
        .isDirectoryContaining("glob:**/README.md");
    Map<String, Tensor> before = weights(start);
    weights(recipe)
        .forEach(
            (name, tensor) ->
                assertThat(Arrays.equals(tensor.floats(), of(before, name).floats()))
                    .as(name)
                    .isEqualTo(
                        !name.startsWith("multi_modal_projector.")
                            && !name.matches("language_model.*(q_proj|down_proj).*")));
  }

  @Test
  void aLossThatIsNoNumberNamesItsSamplesAndTheLastGoodCheckpoint() {
    Recipe start = recipe("start", Map.of("optimiser.steps", "1"));
    Tiny.run(start, false);
    Map<String, Tensor> broken = new LinkedHashMap<>(weights(start));
    Tensor table = of(broken, "language_model.model.embed_tokens.weight");
    int black = 5 + 11 + Tiny.COLOURS.indexOf("black");
    Tiny.engine()
        .noGrad(
            () -> {
              table
                  .slice(0, black, black + 1)
                  .set(Tiny.engine().floats(FloatBuffer.wrap(nan(32)), 1, 32));
              return true;
            });
    Path model = Tiny.folder(start).model();
    TensorFile.write(Tiny.engine(), model.resolve("model.safetensors"), broken);
    Recipe recipe =
        recipe(
            "nan",
            Map.of(
                "model.folder", model.toString(),
                "batch.size", "1",
                "optimiser.steps", "8",
                "seed", "5",
                "checkpoints.every", "1"));
    assertThatThrownBy(() -> Tiny.run(recipe, false))
        .isInstanceOf(TrainingException.class)
        .hasMessageMatching(
            "step [2-8]: the loss is infinite or no number, with the samples black; the last good"
                + " checkpoint is .*/step-0000000[1-7]\\. Look at these samples, .*");
  }

  private static float[] nan(int count) {
    float[] numbers = new float[count];
    Arrays.fill(numbers, Float.NaN);
    return numbers;
  }

  @Test
  void anotherRecipeIsNotGoneOnWith() {
    Tiny.run(recipe("run", Map.of()), false);
    Recipe other = recipe("run", Map.of("optimiser.clip", "2"));
    assertThatThrownBy(() -> Tiny.run(other, true))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("the recipe's optimiser.clip is 2.0, the checkpoint's 1.0");
  }

  @Test
  void otherDataAreNotGoneOnWith() throws IOException {
    Recipe recipe = recipe("run", Map.of());
    Tiny.run(recipe, false);
    Path file = folder.resolve("train.json");
    Files.writeString(file, Files.readString(file).replace("magenta\"", "cyan\""));
    assertThatThrownBy(() -> Tiny.run(recipe, true))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("the SHA-256 of " + file + " is ");
  }

  @Test
  void aRunThatIsThereIsNotWrittenOver() {
    Recipe recipe = recipe("run", Map.of("optimiser.steps", "1"));
    Tiny.run(recipe, false);
    assertThatThrownBy(() -> Tiny.run(recipe, false))
        .hasMessageEndingWith(
            "step-00000001: another run has written it. Resume that run, or train elsewhere.");
  }

  @Test
  void samplesWithoutPictureAreLeftOutAndTold() throws IOException {
    Files.delete(folder.resolve("pictures/red.png"));
    Files.writeString(folder.resolve("pictures/green.png"), "no picture");
    Recipe recipe = recipe("run", Map.of("optimiser.steps", "1"));
    List<RunEvent> told = Tiny.run(recipe, false);
    var out = Tiny.only(RunEvent.LeftOut.class, told).get(0);
    assertThat(out.count()).isEqualTo(2);
    assertThat(out.reason()).isEqualTo("without a readable picture");
    assertThat(out.examples().get(0)).startsWith("red: red.png: ");
    assertThat(Tiny.only(RunEvent.Started.class, told).get(0).samples()).isEqualTo(6);
  }

  @Test
  void dataOfWhichNothingIsLeftAreRefused() throws IOException {
    for (String colour : Tiny.COLOURS) {
      Files.delete(folder.resolve("pictures/" + colour + ".png"));
    }
    assertThatThrownBy(() -> Tiny.run(recipe("run", Map.of()), false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no sample is left to train with");
  }

  @Test
  void theModelSaysWhatItIs() throws IOException {
    Recipe recipe = recipe("card", Map.of("optimiser.steps", "1", "pictures.mode", "pad"));
    Tiny.run(recipe, false);
    RunFolder run = Tiny.folder(recipe);
    assertThat(run.model().resolve("README.md"))
        .content()
        .contains("RESEARCH USE ONLY", "card", Hashes.ofFile(folder.resolve("train.json")));
    assertThat(run.model().resolve("config.json"))
        .content()
        .contains("\"image_aspect_ratio\" : \"pad\"");
    assertThat(run.model().resolve("chat_template.jinja")).content().contains("[INST]");
  }

  private Recipe recipe(String run, Map<String, String> settings) {
    return Tiny.recipe(folder, run, settings);
  }

  private static Map<String, Tensor> weights(Recipe recipe) {
    return TensorFile.read(Tiny.engine(), Tiny.folder(recipe).model().resolve("model.safetensors"));
  }

  private static Tensor of(Map<String, Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  private static void assertClose(List<Double> losses, List<Double> others) {
    assertThat(others).hasSameSizeAs(losses);
    for (int i = 0; i < losses.size(); i++) {
      assertThat(others.get(i)).as("loss %d", i).isCloseTo(losses.get(i), within(1e-5));
    }
  }

  /** Asks a run to end while it does its third step, and returns the losses of its steps. */
  private static List<Double> cutInThirdStep(Recipe recipe) {
    List<RunEvent> told = new ArrayList<>();
    var training =
        new Training(
            recipe,
            Tiny.folder(recipe),
            Tiny.engine(),
            new Alone(),
            told::add,
            () -> Tiny.losses(told).size() == 2);
    assertThat(training.run(false)).isEqualTo(Outcome.INTERRUPTED);
    return Tiny.losses(told);
  }

  private void assertCloseWeights(String run, String other) {
    Tiny.assertCloseWeights(
        Tiny.folder(recipe(run, Map.of())), Tiny.folder(recipe(other, Map.of())));
  }

  private static void assertSameFiles(Recipe run, Recipe other) throws IOException {
    for (String name : List.of("weights.safetensors", "optimiser.safetensors")) {
      assertThat(Tiny.folder(other).checkpoints().resolve("step-00000006").resolve(name))
          .hasSameBinaryContentAs(
              Tiny.folder(run).checkpoints().resolve("step-00000006").resolve(name));
    }
    assertThat(Tiny.folder(other).model().resolve("model.safetensors"))
        .hasSameBinaryContentAs(Tiny.folder(run).model().resolve("model.safetensors"));
  }
}
