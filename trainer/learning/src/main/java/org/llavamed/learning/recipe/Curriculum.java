package org.llavamed.learning.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavamed.learning.TrainingException;

/**
 * Runs of training, one after the other; curriculum.schema.json describes the file.
 *
 * @param name of the curriculum
 * @param stages in their order, at least one
 */
public record Curriculum(String name, List<Recipe> stages) {
  private static final Schema SCHEMA = Schema.shipped("curriculum.schema.json");

  public Curriculum {
    if (stages.isEmpty()) {
      throw new IllegalArgumentException("A curriculum has no stage, expected one or more");
    }
    stages = List.copyOf(stages);
  }

  /**
   * Reads a curriculum, or a recipe as a curriculum of one stage. A stage goes on from the model of
   * the stage before it, unless its settings say where it begins.
   *
   * @param file a curriculum or a recipe
   * @param settings as {@link RecipeReader#read} takes them; of a curriculum, for every stage, and
   *     in place of what it sets itself
   * @throws TrainingException as {@link RecipeReader#read}, if two stages write to one folder, or
   *     if the settings say for several stages where they begin
   */
  public static Curriculum read(Path file, Map<String, String> settings) {
    var reader = new RecipeReader();
    ObjectNode tree = reader.object(file);
    if (!tree.has("stages")) {
      Recipe recipe = reader.read(file, settings);
      return new Curriculum(recipe.name(), List.of(recipe));
    }
    SCHEMA.complete(file, tree);
    if (tree.path("stages").isEmpty()) {
      throw TrainingException.invalid(
          file, "key stages: it is empty, expected one recipe or more", "Name recipes");
    }
    checkBeginnings(tree.path("stages").size(), settings);
    var stages = new ArrayList<Recipe>();
    for (JsonNode stage : tree.path("stages")) {
      Path recipe = file.resolveSibling(stage.path("recipe").asText());
      ObjectNode of = reader.object(recipe);
      var own = new LinkedHashMap<String, JsonNode>();
      stage.path("set").properties().forEach(e -> own.put(e.getKey(), e.getValue()));
      reader.putAll(of, own);
      if (!stages.isEmpty() && RecipeReader.beginnings(own.keySet()).isEmpty()) {
        goOn(reader, of, stages.get(stages.size() - 1));
      }
      reader.putAll(of, reader.values(settings));
      stages.add(reader.toRecipe(recipe, of));
    }
    check(file, stages);
    return new Curriculum(tree.path("name").asText(), stages);
  }

  private static void goOn(RecipeReader reader, ObjectNode recipe, Recipe before) {
    String model = Path.of(before.out(), "model").toString();
    reader.putAll(recipe, Map.of("model.folder", TextNode.valueOf(model)));
  }

  private static void checkBeginnings(int stages, Map<String, String> settings) {
    List<String> beginnings = RecipeReader.beginnings(settings.keySet());
    if (stages > 1 && !beginnings.isEmpty()) {
      throw TrainingException.invalid(
          "--set " + String.join(", ", beginnings),
          "each of the curriculum's %d stages would begin with it".formatted(stages),
          "Write it into the 'set' of the stage that it is meant for");
    }
  }

  private static void check(Path file, List<Recipe> stages) {
    long folders = stages.stream().map(Recipe::out).distinct().count();
    if (folders < stages.size()) {
      throw TrainingException.invalid(
          file, "two stages write to one folder", "Give each stage an 'out' of its own");
    }
  }
}
