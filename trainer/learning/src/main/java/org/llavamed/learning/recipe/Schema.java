package org.llavamed.learning.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.llavamed.learning.TrainingException;

/**
 * A JSON schema of ours, as far as it names keys: it says which keys there are, which must be there
 * and what the others are where a file leaves them out. Ranges are checked by the records.
 */
final class Schema {
  private final JsonNode root;
  private final String name;

  private Schema(String name, JsonNode root) {
    this.name = name;
    this.root = root;
  }

  /** Returns a schema that lies beside this class. */
  static Schema shipped(String name) {
    try (InputStream in = Schema.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("The bundle lacks its resource " + name);
      }
      return new Schema(name, new ObjectMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Checks the keys of a file and fills in what it leaves out.
   *
   * @throws TrainingException if a key is not known, missing, or holds another kind of value
   */
  void complete(Object file, ObjectNode tree) {
    complete(file + ", key ", "", tree, root);
  }

  private void complete(String where, String path, ObjectNode tree, JsonNode schema) {
    JsonNode properties = schema.path("properties");
    for (String key : names(tree)) {
      if (!properties.has(key)) {
        throw TrainingException.invalid(
            where + path + key,
            "there is no such key, expected one of "
                + String.join(", ", new TreeSet<>(names(properties))),
            "Correct the key; " + name + " describes them all");
      }
    }
    for (JsonNode required : schema.path("required")) {
      if (!tree.has(required.asText())) {
        throw TrainingException.invalid(
            where + path + required.asText(), "it is missing", "Add it; " + name + " describes it");
      }
    }
    for (String key : names(properties)) {
      fill(where, path, tree, key, properties.path(key));
    }
  }

  private void fill(String where, String path, ObjectNode tree, String key, JsonNode schema) {
    if (!tree.has(key) && schema.has("default")) {
      tree.set(key, schema.get("default").deepCopy());
    }
    JsonNode value = tree.get(key);
    if (value == null) {
      return;
    }
    String type = schema.path("type").asText();
    if (type.equals("number") && isNumber(value)) {
      // YAML 1.1 takes 2e-5, without a dot, for text.
      tree.set(key, DoubleNode.valueOf(Double.parseDouble(value.asText())));
    } else if (!hasType(value, type)) {
      throw TrainingException.invalid(
          where + path + key, "'%s', expected %s".formatted(value.asText(), type), "Correct it");
    }
    if (value instanceof ObjectNode object && schema.has("properties")) {
      complete(where, path + key + ".", object, schema);
    } else if (value instanceof ArrayNode array && schema.path("items").has("properties")) {
      completeAll(where, path + key + ".", array, schema.path("items"));
    }
  }

  private void completeAll(String where, String path, ArrayNode array, JsonNode schema) {
    for (int i = 0; i < array.size(); i++) {
      if (!(array.get(i) instanceof ObjectNode entry)) {
        throw TrainingException.invalid(where + path + i, "no keys and values", "Correct it");
      }
      complete(where, path + i + ".", entry, schema);
    }
  }

  private static boolean isNumber(JsonNode value) {
    return value.isNumber()
        || (value.isTextual()
            && value.asText().matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)[eE][-+]?\\d+"));
  }

  private static boolean hasType(JsonNode value, String type) {
    return switch (type) {
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber() && value.canConvertToLong();
      case "number" -> false;
      case "boolean" -> value.isBoolean();
      case "array" -> value.isArray();
      default -> value.isObject();
    };
  }

  static void dropNulls(ObjectNode tree) {
    for (String key : names(tree)) {
      JsonNode value = tree.get(key);
      if (value.isNull()) {
        tree.remove(key);
      } else if (value instanceof ObjectNode object) {
        dropNulls(object);
      }
    }
  }

  private static List<String> names(JsonNode object) {
    var names = new ArrayList<String>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
