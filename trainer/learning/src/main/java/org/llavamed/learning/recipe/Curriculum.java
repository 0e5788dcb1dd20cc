package org.llavamed.learning.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
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
    stages = List.copyOf(stages);
  }

  /**
   * Reads a curriculum, or a recipe as a curriculum of one stage. A stage goes on from the model of
   * the stage before it, unless its settings say where it begins.
   *
   * @param file a curriculum or a recipe
   * @param settings as {@link RecipeReader#read} takes them; of a curriculum, for every stage
   * @throws TrainingException as {@link RecipeReader#read}, or if two stages write to one folder
   */
  public static Curriculum read(Path file, Map<String, String> settings) {
    var reader = new RecipeReader();
    ObjectNode tree = reader.object(file);
    if (!tree.has("stages")) {
      Recipe recipe = reader.read(file, settings);
      return new Curriculum(recipe.name(), List.of(recipe));
    }
    SCHEMA.complete(file, tree);
    var stages = new ArrayList<Recipe>();
    for (JsonNode stage : tree.path("stages")) {
      Path recipe = file.resolveSibling(stage.path("recipe").asText());
      ObjectNode of = reader.tree(recipe, settings);
      JsonNode own = stage.path("set");
      own.properties().forEach(entry -> reader.put(of, entry.getKey(), entry.getValue()));
      boolean begins =
          own.has("model.folder") || own.has("model.language") || own.has("model.random");
      if (!stages.isEmpty() && !begins) {
        goOn(of, stages.get(stages.size() - 1));
      }
      stages.add(reader.toRecipe(recipe, of));
    }
    check(file, stages);
    return new Curriculum(tree.path("name").asText(), stages);
  }

  private static void goOn(ObjectNode recipe, Recipe before) {
    ObjectNode model = recipe.withObjectProperty("model");
    model.remove(List.of("language", "vision", "random"));
    model.put("folder", Path.of(before.out(), "model").toString());
  }

  private static void check(Path file, List<Recipe> stages) {
    long folders = stages.stream().map(Recipe::out).distinct().count();
    if (folders < stages.size()) {
      throw TrainingException.invalid(
          file, "two stages write to one folder", "Give each stage an 'out' of its own");
    }
  }
}
