package org.llavamed.learning.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.learning.TrainingException;
import org.llavamed.preprocess.ConversationTemplate;

final class RecipeReaderTest {
  private static final Path SHIPPED = Path.of("../recipes");
  private static final String SMALL =
      """
      name: small
      out: runs/small
      model: {folder: models/llava}
      rates: {projector: 2e-3}
      data: [{file: a.json, pictures: images}]
      """;

  private final RecipeReader reader = new RecipeReader();
  @TempDir private Path folder;

  @Test
  void whatAFileLeavesOutIsAsTheSchemaSays() throws IOException {
    Recipe recipe = reader.read(file(SMALL), Map.of());
    assertThat(recipe.rates()).isEqualTo(new Recipe.Rates(0, 2e-3, 0));
    assertThat(recipe.batch()).isEqualTo(new Recipe.Batch(8, 1, 2048));
    assertThat(recipe.optimiser())
        .isEqualTo(new Recipe.Optimiser(1, null, 0.03, 0.9, 0.999, 1e-8, 0, 1));
    assertThat(recipe.adapters()).isEmpty();
    assertThat(recipe.validation()).isNull();
    assertThat(recipe.data()).containsExactly(new Recipe.Source("a.json", "images", 1));
  }

  @Test
  void aSettingReplacesWhatTheFileSays() throws IOException {
    Recipe recipe =
        reader.read(
            file(SMALL),
            Map.of(
                "rates.projector", "0",
                "rates.decoder", "1e-4",
                "lora.rank", "8",
                "lora.alpha", "16",
                "data.0.file", "b.json",
                "gradientCheckpointing", "true"));
    assertThat(recipe.rates()).isEqualTo(new Recipe.Rates(0, 0, 1e-4));
    assertThat(recipe.adapters().orElseThrow().targets()).hasSize(7).contains("q_proj");
    assertThat(recipe.data().get(0).file()).isEqualTo("b.json");
    assertThat(recipe.gradientCheckpointing()).isTrue();
  }

  @Test
  void whatIsWrittenIsReadAgainAsTheSame() throws IOException {
    Recipe recipe =
        reader.read(
            file(SMALL), Map.of("lora.rank", "8", "lora.alpha", "16", "rates.decoder", "1"));
    assertThat(reader.read(file(reader.write(recipe)), Map.of())).isEqualTo(recipe);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "optimizer.epochs | 3 | key optimizer: there is no such key, expected one of batch,",
        "batch.sise | 3 | key batch.sise: there is no such key, expected one of accumulation, maxLength, size",
        "data.0.path | x | key data.0.path: there is no such key, expected one of file, pictures, weight",
        "batch.size | many | key batch.size: 'many', expected integer",
        "batch.size | 0 | key batch: size is 0, expected 1 to 65536",
        "model.language | m | language stands without vision, or vision without language",
        "model.template | vicuna | key model: template is 'vicuna', expected one of mistral_instruct, vicuna_v1,",
        "model.template | plain | key model: template is 'plain', expected one of mistral_instruct, vicuna_v1,",
        "rates.projector | 0 | every learning rate is 0, expected one above 0",
        "precision | fp8 | precision is 'fp8', expected fp32 or bf16",
        "name | a/b | name is 'a/b'",
        "data.x.file | b | --set data.x.file: 'x' is no place in a list",
        "name.first | b | --set name.first: there is nothing below 'name'"
      })
  void aWrongKeyOrValueIsNamed(String key, String value, String message) throws IOException {
    Path file = file(SMALL);
    assertThatThrownBy(() -> reader.read(file, Map.of(key, value)))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aSettingOfWhereTheModelBeginsReplacesTheFiles() throws IOException {
    Path two = file(SMALL.replace("folder: models/llava", "language: a, vision: b"));
    assertThat(start(two, Map.of("model.folder", "c"))).containsExactly("c", null, null, null);
    assertThat(start(two, Map.of("model.random", "c"))).containsExactly(null, null, null, "c");
    assertThat(start(two, Map.of("model.language", "c"))).containsExactly(null, "c", "b", null);
    Path one = file(SMALL);
    assertThat(start(one, Map.of("model.language", "c", "model.vision", "d")))
        .containsExactly(null, "c", "d", null);
    assertThatThrownBy(() -> start(one, Map.of("model.folder", "c", "model.random", "d")))
        .hasMessageContaining("2 of folder, language and random are there, expected exactly one");
  }

  private List<@Nullable String> start(Path file, Map<String, String> settings) {
    Recipe.Start start = reader.read(file, settings).model();
    return Arrays.asList(start.folder(), start.language(), start.vision(), start.random());
  }

  @Test
  void theSchemaListsTheTemplatesThatARecipeTakes() throws IOException {
    Path file = file(SMALL);
    List<String> taken =
        Arrays.stream(ConversationTemplate.values())
            .map(ConversationTemplate::label)
            .filter(label -> takes(file, label))
            .toList();
    try (var schema = RecipeReader.class.getResourceAsStream("recipe.schema.json")) {
      List<String> listed = new ArrayList<>();
      new ObjectMapper()
          .readTree(schema)
          .at("/properties/model/properties/template/enum")
          .forEach(name -> listed.add(name.asText()));
      assertThat(listed).isEqualTo(taken).hasSize(4);
    }
  }

  private boolean takes(Path file, String template) {
    try {
      return reader
          .read(file, Map.of("model.template", template))
          .model()
          .template()
          .equals(template);
    } catch (TrainingException e) {
      return false;
    }
  }

  @Test
  void aMissingKeyIsNamed() throws IOException {
    Path file = file(SMALL.replace("out: runs/small\n", ""));
    assertThatThrownBy(() -> reader.read(file, Map.of()))
        .hasMessage(file + ", key out: it is missing. Add it; recipe.schema.json describes it.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a: [", "- 1", "", "name: a\nname: b\n"})
  void whatIsNoRecipeIsRefusedWithItsFile(String content) throws IOException {
    Path file = file(content);
    assertThatThrownBy(() -> reader.read(file, Map.of()))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith(file.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"stage1-alignment", "stage2-instruction", "stage3-vqa-rad"})
  void aShippedRecipeIsValidBeforeAnIndependentValidator(String name) throws IOException {
    var factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    try (var schema = RecipeReader.class.getResourceAsStream("recipe.schema.json")) {
      // Through JSON, since YAML 1.1 takes 2e-5 for text.
      String json =
          new ObjectMapper()
              .writeValueAsString(reader.read(SHIPPED.resolve(name + ".yaml"), Map.of()));
      var tree = new YAMLMapper().readTree(json);
      Schema.dropNulls((com.fasterxml.jackson.databind.node.ObjectNode) tree);
      assertThat(factory.getSchema(schema).validate(tree)).isEmpty();
    }
  }

  @Test
  void theShippedCurriculumChainsItsStages() {
    Curriculum curriculum = Curriculum.read(SHIPPED.resolve("curriculum.yaml"), Map.of());
    assertThat(curriculum.stages().stream().map(Recipe::name))
        .containsExactly("stage1-alignment", "stage2-instruction", "stage3-vqa-rad");
    assertThat(curriculum.stages().get(2).model().folder())
        .isEqualTo("runs/stage2-instruction/model");
  }

  @Test
  void theCurriculumOnEightGpusHasThePublishedBatches() {
    Curriculum curriculum = Curriculum.read(SHIPPED.resolve("curriculum-8-gpus.yaml"), Map.of());
    assertThat(curriculum.stages().stream().map(Recipe::batch))
        .extracting(batch -> 8 * batch.size() * batch.accumulation())
        .containsExactly(128, 128, 64);
    assertThat(curriculum.stages().stream().map(stage -> stage.adapters().isPresent()))
        .containsExactly(false, true, true);
    assertThat(curriculum.stages().get(0).rates().decoder()).isZero();
  }

  @Test
  void aCurriculumWithoutStagesIsRefused() throws IOException {
    Path file = folder.resolve("empty.yaml");
    Files.writeString(file, "name: none\nstages: []\n");
    assertThatThrownBy(() -> Curriculum.read(file, Map.of()))
        .isInstanceOf(TrainingException.class)
        .hasMessage(file + ": key stages: it is empty, expected one recipe or more. Name recipes.");
  }

  @Test
  void aStageGoesOnFromTheModelOfTheStageBeforeIt() throws IOException {
    Files.writeString(folder.resolve("one.yaml"), SMALL);
    Files.writeString(folder.resolve("two.yaml"), SMALL.replace("runs/small", "runs/two"));
    Path file = folder.resolve("curriculum.yaml");
    Files.writeString(
        file,
        """
        name: both
        stages:
          - {recipe: one.yaml, set: {model.folder: start, batch.size: 2}}
          - {recipe: two.yaml}
        """);
    List<Recipe> stages = Curriculum.read(file, Map.of("optimiser.steps", "3")).stages();
    assertThat(stages.get(0).model().folder()).isEqualTo("start");
    assertThat(stages.get(0).batch().size()).isEqualTo(2);
    assertThat(stages.get(1).model().folder()).isEqualTo("runs/small/model");
    assertThat(stages.get(1).optimiser().steps()).isEqualTo(3);
  }

  @Test
  void aSettingReplacesWhatTheCurriculumSets() throws IOException {
    Files.writeString(folder.resolve("one.yaml"), SMALL);
    Path file = folder.resolve("curriculum.yaml");
    Files.writeString(
        file,
        """
        name: both
        stages:
          - {recipe: one.yaml, set: {batch.size: 2, seed: 5, model.random: shape}}
        """);
    Recipe stage =
        Curriculum.read(file, Map.of("batch.size", "4", "model.folder", "c")).stages().get(0);
    assertThat(stage.batch().size()).isEqualTo(4);
    assertThat(stage.seed()).isEqualTo(5);
    assertThat(stage.model().folder()).isEqualTo("c");
    assertThat(stage.model().random()).isNull();
  }

  @Test
  void aStageThatSaysWhereItBeginsDoesNotGoOn() throws IOException {
    Files.writeString(folder.resolve("one.yaml"), SMALL);
    Files.writeString(
        folder.resolve("two.yaml"),
        SMALL.replace("runs/small", "runs/two").replace("folder: m", "vision: v, language: m"));
    Path file = folder.resolve("curriculum.yaml");
    Files.writeString(
        file,
        """
        name: both
        stages:
          - {recipe: one.yaml}
          - {recipe: two.yaml, set: {model.language: l}}
        """);
    Recipe.Start start = Curriculum.read(file, Map.of()).stages().get(1).model();
    assertThat(start.language()).isEqualTo("l");
    assertThat(start.vision()).isEqualTo("v");
    assertThat(start.folder()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.folder", "model.language", "model.random"})
  void aBeginningForAllStagesOfACurriculumIsRefused(String key) {
    Path file = SHIPPED.resolve("curriculum.yaml");
    assertThatThrownBy(() -> Curriculum.read(file, Map.of(key, "x")))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "--set "
                + key
                + ": each of the curriculum's 3 stages would begin with it. Write it into the"
                + " 'set' of the stage that it is meant for.");
  }

  @Test
  void twoStagesThatWriteToOneFolderAreRefused() throws IOException {
    Files.writeString(folder.resolve("one.yaml"), SMALL);
    Path file = folder.resolve("curriculum.yaml");
    Files.writeString(file, "{name: both, stages: [{recipe: one.yaml}, {recipe: one.yaml}]}");
    assertThatThrownBy(() -> Curriculum.read(file, Map.of()))
        .hasMessageContaining("two stages write to one folder");
  }

  private Path file(String content) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "recipe", ".yaml"), content);
  }
}
