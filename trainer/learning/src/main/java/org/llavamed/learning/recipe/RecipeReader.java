package org.llavamed.learning.recipe;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.llavamed.files.FileError;
import org.llavamed.learning.TrainingException;

/** Reads recipes: YAML files, or JSON, as recipe.schema.json describes them. */
public final class RecipeReader {
  private static final int MOST_BYTES = 1 << 20;
  private static final List<String> BEGINNINGS =
      List.of("model.folder", "model.language", "model.random");
  private static final String ADVICE = "Correct the recipe; recipe.schema.json describes it";

  private final ObjectMapper yaml =
      YAMLMapper.builder()
          .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonParser.Feature.INCLUDE_SOURCE_IN_LOCATION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .build();
  private final Schema schema = Schema.shipped("recipe.schema.json");

  /**
   * Reads a recipe.
   *
   * @param file the recipe
   * @param settings keys, as {@code optimiser.epochs}, and values that replace the file's
   * @throws TrainingException if the file cannot be read, has a key that the schema does not know,
   *     lacks one, or a value is out of its range; names the key
   */
  public Recipe read(Path file, Map<String, String> settings) {
    return toRecipe(file, tree(file, settings));
  }

  /** Returns the recipe with all that it left out, as YAML, which {@link #read} takes. */
  public String write(Recipe recipe) {
    try {
      ObjectNode tree = yaml.valueToTree(recipe);
      Schema.dropNulls(tree);
      return yaml.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A recipe cannot be written as YAML", e);
    }
  }

  /** Returns the recipe's tree with the settings put in, before what it leaves out is filled in. */
  ObjectNode tree(Path file, Map<String, String> settings) {
    ObjectNode tree = object(file);
    putAll(tree, values(settings));
    return tree;
  }

  /** Returns the values of settings as YAML reads them. */
  Map<String, JsonNode> values(Map<String, String> settings) {
    var values = new LinkedHashMap<String, JsonNode>();
    settings.forEach((key, text) -> values.put(key, value(key, text)));
    return values;
  }

  /** Returns those of some settings that say where a model begins. */
  static List<String> beginnings(Collection<String> settings) {
    return settings.stream().filter(BEGINNINGS::contains).toList();
  }

  /** Puts settings into the tree; where a model begins is replaced, not added to. */
  void putAll(ObjectNode tree, Map<String, JsonNode> settings) {
    List<String> beginnings = beginnings(settings.keySet());
    if (!beginnings.isEmpty() && tree.get("model") instanceof ObjectNode model) {
      model.remove(List.of("folder", "language", "random"));
      if (!beginnings.contains("model.language")) {
        model.remove("vision");
      }
    }
    settings.forEach((key, value) -> put(tree, key, value));
  }

  Recipe toRecipe(Path file, ObjectNode tree) {
    schema.complete(file, tree);
    try {
      return yaml.treeToValue(tree, Recipe.class);
    } catch (ValueInstantiationException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw TrainingException.invalid(
          where(file, e), String.valueOf(cause.getMessage()), ADVICE, e);
    } catch (JsonMappingException e) {
      throw TrainingException.invalid(
          where(file, e), "another kind of value than expected", ADVICE, e);
    } catch (JsonProcessingException e) {
      throw TrainingException.invalid(file, e.getOriginalMessage(), ADVICE, e);
    }
  }

  /** Reads a YAML file that holds an object. */
  ObjectNode object(Path file) {
    try {
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        throw TrainingException.invalid(
            file,
            "%d bytes, a recipe has at most %d".formatted(size, MOST_BYTES),
            "Name a recipe file");
      }
      JsonNode tree = yaml.readTree(Files.readString(file, StandardCharsets.UTF_8));
      if (tree instanceof ObjectNode object) {
        return object;
      }
      throw TrainingException.invalid(file, "holds no keys and values", ADVICE);
    } catch (JsonProcessingException e) {
      String line = e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
      String message = e.getOriginalMessage().lines().findFirst().orElse("no YAML");
      throw TrainingException.invalid(file + line, message, ADVICE, e);
    } catch (IOException e) {
      FileError error = FileError.reading(file, e);
      throw TrainingException.invalid(file, error.found(), error.advice(), e);
    }
  }

  /** Puts a value into the tree; {@code data.0.file} reaches into a list. */
  private void put(ObjectNode tree, String key, JsonNode value) {
    JsonNode at = tree;
    List<String> names = List.of(key.split("\\.", -1));
    for (String name : names.subList(0, names.size() - 1)) {
      JsonNode next = at.isArray() ? at.path(index(key, name)) : at.get(name);
      if (next == null && at instanceof ObjectNode object) {
        next = object.putObject(name);
      }
      if (next == null || !next.isContainerNode()) {
        throw TrainingException.invalid(
            "--set " + key, "there is nothing below '" + name + "'", ADVICE);
      }
      at = next;
    }
    String last = names.get(names.size() - 1);
    if (!(at instanceof ObjectNode object)) {
      throw TrainingException.invalid("--set " + key, "it names an entry of a list", ADVICE);
    }
    object.set(last, value);
  }

  private JsonNode value(String key, String text) {
    try {
      return yaml.readTree(text);
    } catch (JsonProcessingException e) {
      throw TrainingException.invalid("--set " + key, "'" + text + "' is no YAML", ADVICE, e);
    }
  }

  private static int index(String key, String name) {
    if (!name.matches("\\d{1,6}")) {
      throw TrainingException.invalid(
          "--set " + key, "'" + name + "' is no place in a list", "Count from 0: data.0.file");
    }
    return Integer.parseInt(name);
  }

  private static String where(Path file, JsonMappingException e) {
    String key =
        e.getPath().stream()
            .map(at -> at.getFieldName() == null ? "" + at.getIndex() : at.getFieldName())
            .collect(Collectors.joining("."));
    return key.isEmpty() ? file.toString() : file + ", key " + key;
  }
}
