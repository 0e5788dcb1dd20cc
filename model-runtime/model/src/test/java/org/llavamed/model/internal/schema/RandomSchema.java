package org.llavamed.model.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Makes schemas of the supported part, and values that obey them. */
final class RandomSchema {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final List<String> WORDS =
      List.of(
          "a",
          "ab",
          "abc",
          "finding",
          "side",
          "x\"y",
          "\u80ba",
          "\uD83E\uDE7B",
          "a b",
          "\\",
          "name");

  private final SplittableRandom random;

  RandomSchema(SplittableRandom random) {
    this.random = random;
  }

  /**
   * Returns a schema.
   *
   * @param depth of objects and arrays in it
   */
  ObjectNode schema(int depth) {
    return switch (random.nextInt(depth == 0 ? 5 : 8)) {
      case 0 -> text();
      case 1 -> number("integer");
      case 2 -> number("number");
      case 3 -> values();
      case 4 -> MAPPER.createObjectNode().put("type", random.nextBoolean() ? "boolean" : "null");
      case 5 -> choice(depth - 1);
      case 6 -> array(depth - 1);
      default -> object(depth - 1);
    };
  }

  private ObjectNode text() {
    ObjectNode schema = MAPPER.createObjectNode().put("type", "string");
    int least = random.nextInt(6);
    if (random.nextBoolean()) {
      schema.put("minLength", least);
    }
    return schema.put("maxLength", least + random.nextInt(20));
  }

  private ObjectNode number(String type) {
    ObjectNode schema = MAPPER.createObjectNode().put("type", type);
    int bits = random.nextInt(2, 30);
    BigDecimal one = bound(type, bits);
    BigDecimal other = bound(type, bits);
    if (random.nextInt(3) > 0) {
      schema.put(random.nextBoolean() ? "minimum" : "exclusiveMinimum", one.min(other));
    }
    if (random.nextInt(3) > 0) {
      BigDecimal above = one.max(other).add(BigDecimal.valueOf(2));
      schema.put(random.nextBoolean() ? "maximum" : "exclusiveMaximum", above);
    }
    return schema;
  }

  private BigDecimal bound(String type, int bits) {
    int value = random.nextInt(-1 << (bits - 1), 1 << (bits - 1));
    return BigDecimal.valueOf(value, type.equals("number") ? random.nextInt(5) : 0);
  }

  private ObjectNode values() {
    ObjectNode schema = MAPPER.createObjectNode();
    ArrayNode values = schema.putArray("enum");
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      switch (random.nextInt(4)) {
        case 0 -> values.add(random.nextInt(-20, 200));
        case 1 -> values.add(random.nextBoolean());
        case 2 -> values.addNull();
        default -> values.add(word());
      }
    }
    return schema;
  }

  private String word() {
    return WORDS.get(random.nextInt(WORDS.size()));
  }

  private ObjectNode choice(int depth) {
    ObjectNode schema = MAPPER.createObjectNode();
    ArrayNode kinds = schema.putArray("anyOf");
    List<ObjectNode> all =
        new ArrayList<>(List.of(text(), number("number"), array(depth), object(depth)));
    all.add(MAPPER.createObjectNode().put("type", "null"));
    all.add(MAPPER.createObjectNode().put("type", "boolean"));
    for (ObjectNode kind : all) {
      if (random.nextInt(3) == 0) {
        kinds.add(kind);
      }
    }
    return kinds.isEmpty() ? text() : schema;
  }

  private ObjectNode array(int depth) {
    ObjectNode schema = MAPPER.createObjectNode().put("type", "array");
    schema.set("items", schema(depth));
    int least = random.nextInt(3);
    return schema.put("minItems", least).put("maxItems", least + random.nextInt(4));
  }

  private ObjectNode object(int depth) {
    ObjectNode schema = MAPPER.createObjectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = schema.putArray("required");
    for (int i = random.nextInt(5); i > 0; i--) {
      String name = word();
      if (!properties.has(name)) {
        properties.set(name, schema(depth));
        if (random.nextBoolean()) {
          required.add(name);
        }
      }
    }
    return schema.put("additionalProperties", false);
  }

  /** Returns a value that obeys a schema, as JSON text with a blank here and there. */
  String value(JsonNode schema) {
    if (schema.has("enum")) {
      return pick(schema.get("enum")).toString();
    }
    if (schema.has("anyOf")) {
      return value(pick(schema.get("anyOf")));
    }
    return switch (schema.get("type").asText()) {
      case "string" -> string(schema);
      case "integer", "number" -> digits(schema);
      case "boolean" -> Boolean.toString(random.nextBoolean());
      case "array" -> elements(schema);
      case "object" -> members(schema);
      default -> "null";
    };
  }

  private JsonNode pick(JsonNode array) {
    return array.get(random.nextInt(array.size()));
  }

  private String string(JsonNode schema) {
    int least = schema.path("minLength").asInt();
    int length = random.nextInt(least, schema.get("maxLength").asInt() + 1);
    StringBuilder string = new StringBuilder("\"");
    for (int i = 0; i < length; i++) {
      string.append(
          switch (random.nextInt(8)) {
            case 0 -> "\\n";
            case 1 -> "\\\"";
            case 2 -> "\\ud83E\\uDe7b";
            case 3 -> "\\u00e9";
            case 4 -> "\uD83E\uDE7B";
            case 5 -> "\u80ba";
            default -> Character.toString(random.nextInt('a', 'z'));
          });
    }
    return string.append('"').toString();
  }

  private String digits(JsonNode schema) {
    BigDecimal unit =
        BigDecimal.ONE.movePointLeft(schema.get("type").asText().equals("number") ? 4 : 0);
    BigDecimal least =
        schema.has("minimum")
            ? schema.get("minimum").decimalValue()
            : schema.has("exclusiveMinimum")
                ? schema.get("exclusiveMinimum").decimalValue().add(unit)
                : null;
    BigDecimal most =
        schema.has("maximum")
            ? schema.get("maximum").decimalValue()
            : schema.has("exclusiveMaximum")
                ? schema.get("exclusiveMaximum").decimalValue().subtract(unit)
                : null;
    boolean low = random.nextBoolean();
    BigDecimal value = low ? (least == null ? most : least) : most == null ? least : most;
    return (value == null ? unit.multiply(BigDecimal.valueOf(random.nextInt())) : value)
        .toPlainString();
  }

  private String blank() {
    return random.nextBoolean() ? " " : "";
  }

  private String elements(JsonNode schema) {
    int least = schema.get("minItems").asInt();
    List<String> items = new ArrayList<>();
    for (int i = random.nextInt(least, schema.get("maxItems").asInt() + 1); i > 0; i--) {
      items.add(value(schema.get("items")));
    }
    return "[" + String.join("," + blank(), items) + "]";
  }

  private String members(JsonNode schema) {
    List<String> members = new ArrayList<>();
    List<String> required = new ArrayList<>();
    schema.get("required").forEach(name -> required.add(name.asText()));
    schema
        .get("properties")
        .properties()
        .forEach(
            member -> {
              if (required.contains(member.getKey()) || random.nextBoolean()) {
                String name = MAPPER.getNodeFactory().textNode(member.getKey()).toString();
                members.add(name + ":" + blank() + value(member.getValue()));
              }
            });
    return "{" + String.join("," + blank(), members) + "}";
  }
}
