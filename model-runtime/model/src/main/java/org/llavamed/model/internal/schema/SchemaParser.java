package org.llavamed.model.internal.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.llavamed.inference.ModelException;
import org.llavamed.model.internal.schema.Schema.Choice;
import org.llavamed.model.internal.schema.Schema.Items;
import org.llavamed.model.internal.schema.Schema.Literals;
import org.llavamed.model.internal.schema.Schema.Members;
import org.llavamed.model.internal.schema.Schema.Property;
import org.llavamed.model.internal.schema.Schema.Text;

/** Reads the part of JSON Schema that answers can obey; every other keyword is an error. */
final class SchemaParser {
  /** Most characters of a schema. */
  static final int MOST_CHARACTERS = 32 << 10;

  private static final int MOST_DEPTH = 64;
  private static final int MOST_PROPERTIES = 64;
  private static final int DEFAULT_LENGTH = 256;
  private static final int DEFAULT_ITEMS = 32;

  private static final Set<String> NOTES =
      Set.of(
          "$schema",
          "$id",
          "$comment",
          "title",
          "description",
          "default",
          "examples",
          "deprecated",
          "readOnly",
          "writeOnly");

  private static final Set<String> BOUNDS =
      Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum");

  private static final Map<String, Set<String>> TYPES =
      Map.of(
          "object", Set.of("properties", "required", "additionalProperties"),
          "array", Set.of("items", "minItems", "maxItems"),
          "string", Set.of("minLength", "maxLength"),
          "integer", BOUNDS,
          "number", BOUNDS,
          "boolean", Set.of(),
          "null", Set.of());

  private static final Set<String> KEYWORDS =
      Stream.concat(
              Stream.of("type", "enum", "const", "anyOf"),
              TYPES.values().stream().flatMap(Set::stream))
          .collect(Collectors.toUnmodifiableSet());

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MOST_DEPTH).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private SchemaParser() {}

  /**
   * Reads a schema.
   *
   * @throws ModelException if it is no JSON, or says what is not supported; with the JSON pointer
   */
  static Schema parse(String text) {
    Place root = new Place("", read(text));
    return schema(root);
  }

  private static JsonNode read(String text) {
    if (text.length() > MOST_CHARACTERS) {
      throw ModelException.invalid(
          "JSON schema",
          "has %d characters, expected at most %d".formatted(text.length(), MOST_CHARACTERS),
          "Ask for less in one answer");
    }
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw ModelException.invalid(
          "JSON schema",
          "is no JSON (%s)".formatted(e.getOriginalMessage()),
          "Write it as JSON Schema does",
          e);
    }
  }

  private static Schema schema(Place place) {
    if (!place.node().isObject()) {
      throw place.invalid("is no object", "Write a schema as an object with a type");
    }
    expectKeywords(place, KEYWORDS);
    if (place.has("anyOf")) {
      expectKeywords(place, Set.of("anyOf"));
      return choice(place, place.list("anyOf").stream().map(SchemaParser::schema).toList());
    }
    Set<String> types = types(place);
    if (place.has("enum") || place.has("const")) {
      expectKeywords(place, Set.of("type", place.has("enum") ? "enum" : "const"));
      return literals(place, types);
    }
    if (types.isEmpty()) {
      throw place.invalid(
          "has neither of 'type', 'enum', 'const' and 'anyOf'", "Name the type of the value");
    }
    Set<String> keywords = new LinkedHashSet<>(List.of("type"));
    types.forEach(type -> keywords.addAll(TYPES.getOrDefault(type, Set.of())));
    expectKeywords(place, keywords);
    return choice(place, types.stream().map(type -> typed(place, type)).toList());
  }

  private static void expectKeywords(Place place, Set<String> known) {
    place
        .node()
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name) && !NOTES.contains(name)) {
                throw place.invalid(
                    "'%s' is not supported here".formatted(name),
                    "Leave it out; docs/structured-answers.md lists what is supported");
              }
            });
  }

  /** Returns the types; none where none is named. Every integer is a number. */
  private static Set<String> types(Place place) {
    boolean one = place.has("type") && place.node().get("type").isTextual();
    Set<String> types =
        new LinkedHashSet<>(one ? List.of(place.node().get("type").asText()) : place.texts("type"));
    for (String type : types) {
      if (!TYPES.containsKey(type)) {
        throw place.invalid(
            "'%s' is no type".formatted(type),
            "Write object, array, string, integer, number, boolean or null");
      }
    }
    if (place.has("type") && types.isEmpty()) {
      throw place.invalid("'type' names none", "Name the type of the value");
    }
    if (types.contains("number")) {
      types.remove("integer");
    }
    return types;
  }

  private static Schema choice(Place place, List<Schema> kinds) {
    if (kinds.isEmpty()) {
      throw place.invalid("'anyOf' is empty", "Name what the value may be");
    }
    BitSet firsts = new BitSet();
    for (Schema kind : kinds) {
      if (firsts.intersects(kind.firsts())) {
        throw place.invalid(
            "two of its kinds begin with the same character, so the first one does not tell which"
                + " it is",
            "Write one kind instead of them");
      }
      firsts.or(kind.firsts());
    }
    return kinds.size() == 1 ? kinds.get(0) : new Choice(kinds);
  }

  private static Schema typed(Place place, String type) {
    return switch (type) {
      case "object" -> members(place);
      case "array" -> items(place);
      case "string" -> {
        int least = place.count("minLength", 0);
        yield new Text(least, most(place, "maxLength", least, DEFAULT_LENGTH));
      }
      case "integer" -> Bounds.of(place, 15, 0);
      case "number" -> Bounds.of(place, 9, 6);
      case "boolean" -> new Literals(List.of("true", "false"));
      default -> new Literals(List.of("null"));
    };
  }

  private static int most(Place place, String keyword, int least, int otherwise) {
    int most = place.count(keyword, Math.max(least, otherwise));
    if (most < least) {
      throw place.invalid(
          "'%s' is %d, less than the least of %d".formatted(keyword, most, least),
          "Make it larger");
    }
    return most;
  }

  private static Schema items(Place place) {
    if (!place.has("items")) {
      throw place.invalid("an array without 'items'", "Say what its items are");
    }
    int least = place.count("minItems", 0);
    return new Items(
        schema(place.at("items")), least, most(place, "maxItems", least, DEFAULT_ITEMS));
  }

  private static Schema members(Place place) {
    if (place.has("additionalProperties")
        && !place.node().get("additionalProperties").isBoolean()) {
      throw place.invalid(
          "'additionalProperties' is a schema, which is not supported",
          "Name every property, and write false here");
    }
    List<Place> properties = place.members("properties");
    if (properties.size() > MOST_PROPERTIES) {
      throw place.invalid(
          "has %d properties, expected at most %d".formatted(properties.size(), MOST_PROPERTIES),
          "Ask for less in one answer");
    }
    Set<String> missing = new LinkedHashSet<>(place.texts("required"));
    List<Property> members = new ArrayList<>();
    for (Place property : properties) {
      boolean required = missing.remove(property.name());
      members.add(new Property(property.name(), schema(property), required));
    }
    if (!missing.isEmpty()) {
      throw place.invalid(
          "'required' names %s, which 'properties' does not describe".formatted(missing),
          "Describe it there");
    }
    return new Members(members);
  }

  private static Schema literals(Place place, Set<String> types) {
    List<Place> values =
        place.has("const") ? List.of(place.at("const")) : new ArrayList<>(place.list("enum"));
    Set<String> texts = new LinkedHashSet<>();
    for (Place value : values) {
      JsonNode node = value.node();
      if (node.isContainerNode()) {
        throw value.invalid(
            "is an object or array", "Name strings, numbers, booleans or null alone");
      }
      if (!types.isEmpty() && !types.contains(type(node)) && !isNumber(node, types)) {
        throw value.invalid(
            "is no %s".formatted(String.join(" or ", types)), "Name values of the type");
      }
      texts.add(node.toString());
    }
    if (texts.isEmpty()) {
      throw place.invalid("'enum' is empty", "Name what the value may be");
    }
    return new Literals(List.copyOf(texts));
  }

  private static boolean isNumber(JsonNode node, Set<String> types) {
    return node.isNumber()
        && (types.contains("number")
            || (types.contains("integer") && node.canConvertToExactIntegral()));
  }

  private static String type(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> "string";
      case BOOLEAN -> "boolean";
      case NULL -> "null";
      default -> "";
    };
  }
}
