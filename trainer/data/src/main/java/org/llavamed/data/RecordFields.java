package org.llavamed.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * The keys of a JSON object, with errors that say where it stands.
 *
 * @param where file and record
 * @param json an object
 */
record RecordFields(String where, JsonNode json) {
  /** Characters of an id that a message shows. */
  private static final int LONGEST_ID = 100;

  private static final String ADVICE = "Correct the record";

  /** Returns these fields as those of a record whose id is known. */
  RecordFields of(String id) {
    String shown = id.length() > LONGEST_ID ? id.substring(0, LONGEST_ID) + "..." : id;
    return new RecordFields("%s (id '%s')".formatted(where, shown), json);
  }

  /**
   * Returns a text; a number is taken by its value, so that 1.50 becomes 1.5.
   *
   * @throws DataException if the key is missing or holds neither a text nor a number
   */
  String text(String key) {
    JsonNode value = present(key);
    if (!value.isTextual() && !value.isNumber()) {
      throw wrong(key, "is %s, expected a text".formatted(kind(value)));
    }
    return value.asText();
  }

  /**
   * Returns a text that is not blank.
   *
   * @throws DataException as of {@link #text}, and if it is blank
   */
  String filled(String key) {
    String text = text(key);
    if (text.isBlank()) {
      throw wrong(key, "is blank, expected a text");
    }
    return text;
  }

  /**
   * Returns a text that is not blank; empty where the key is missing or null.
   *
   * @throws DataException as of {@link #filled}
   */
  Optional<String> optional(String key) {
    return json.hasNonNull(key) ? Optional.of(filled(key)) : Optional.empty();
  }

  /**
   * Returns what a data set calls something; empty where it says nothing.
   *
   * @throws DataException as of {@link #text}
   */
  Optional<String> label(String key) {
    return Optional.of(text(key).strip()).filter(text -> !text.isEmpty());
  }

  /**
   * Returns an answer type, blanks around it and case left aside.
   *
   * @throws DataException if the key is missing or is neither
   */
  AnswerType answerType(String key) {
    String name = text(key).strip().toUpperCase(Locale.ROOT);
    return Arrays.stream(AnswerType.values())
        .filter(type -> type.name().equals(name))
        .findFirst()
        .orElseThrow(() -> wrong(key, "is '%s', expected OPEN or CLOSED".formatted(name)));
  }

  /**
   * Returns the object below a key; empty where it is missing or null.
   *
   * @throws DataException if it is no object
   */
  Optional<RecordFields> object(String key) {
    if (!json.hasNonNull(key)) {
      return Optional.empty();
    }
    JsonNode value = present(key);
    if (!value.isObject()) {
      throw wrong(key, "is %s, expected an object".formatted(kind(value)));
    }
    return Optional.of(new RecordFields("%s, key '%s'".formatted(where, key), value));
  }

  /**
   * Returns the objects of a list.
   *
   * @throws DataException if the key is missing or holds anything but a list of objects
   */
  List<RecordFields> objects(String key) {
    JsonNode value = present(key);
    boolean objects =
        value.isArray()
            && StreamSupport.stream(value.spliterator(), false).allMatch(JsonNode::isObject);
    if (!objects) {
      throw wrong(key, "is %s, expected a list of objects".formatted(kind(value)));
    }
    return StreamSupport.stream(value.spliterator(), false)
        .map(element -> new RecordFields("%s, key '%s'".formatted(where, key), element))
        .toList();
  }

  boolean has(String key) {
    return json.has(key);
  }

  /** Returns the error that a key's value is wrong. */
  DataException wrong(String key, String found) {
    return DataException.invalid(where, "the key '%s' %s".formatted(key, found), ADVICE);
  }

  /** Returns the error that the record is wrong. */
  DataException wrong(String found) {
    return DataException.invalid(where, found, ADVICE);
  }

  private JsonNode present(String key) {
    JsonNode value = json.path(key);
    if (value.isMissingNode() || value.isNull()) {
      throw DataException.invalid(
          where,
          "the key '%s' is missing".formatted(key),
          "Add it, or name a file of the layout that is expected here");
    }
    return value;
  }

  private static String kind(JsonNode value) {
    JsonNodeType type = value.getNodeType();
    return switch (type) {
      case ARRAY -> "a list";
      case OBJECT -> "an object";
      case STRING -> "a text";
      default -> value.toString();
    };
  }
}
