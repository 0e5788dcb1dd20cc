package org.llavamed.model.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.llavamed.inference.ModelException;

/**
 * A place in a JSON schema.
 *
 * @param pointer JSON pointer, empty for the whole
 * @param node what stands there
 */
record Place(String pointer, JsonNode node) {
  /** Returns the error that something here is wrong. */
  ModelException invalid(String found, String advice) {
    String where = pointer.isEmpty() ? "JSON schema" : "JSON schema, " + pointer;
    return ModelException.invalid(where, found, advice);
  }

  private ModelException wrong(String keyword, String expected) {
    String text = String.valueOf(node.get(keyword));
    String shown = text.length() > 60 ? text.substring(0, 60) + "..." : text;
    return invalid(
        "'%s' is %s, expected %s".formatted(keyword, shown, expected),
        "Write it as JSON Schema does");
  }

  boolean has(String keyword) {
    return node.has(keyword);
  }

  /** Returns the schema at a keyword. */
  Place at(String keyword) {
    return child(pointer, keyword, node.get(keyword));
  }

  /** Returns the elements of an array; none where the keyword is missing. */
  List<Place> list(String keyword) {
    List<Place> list = new ArrayList<>();
    if (has(keyword)) {
      Place array = at(keyword);
      if (!array.node.isArray()) {
        throw wrong(keyword, "an array");
      }
      for (int i = 0; i < array.node.size(); i++) {
        list.add(child(array.pointer, Integer.toString(i), array.node.get(i)));
      }
    }
    return list;
  }

  /** Returns the texts of an array; none where the keyword is missing. */
  List<String> texts(String keyword) {
    List<Place> list = list(keyword);
    if (!list.stream().allMatch(place -> place.node.isTextual())) {
      throw wrong(keyword, "an array of strings");
    }
    return list.stream().map(place -> place.node.asText()).toList();
  }

  /** Returns the members of an object in their order; none where the keyword is missing. */
  List<Place> members(String keyword) {
    List<Place> members = new ArrayList<>();
    if (has(keyword)) {
      Place object = at(keyword);
      if (!object.node.isObject()) {
        throw wrong(keyword, "an object");
      }
      object
          .node
          .properties()
          .forEach(
              member -> members.add(child(object.pointer, member.getKey(), member.getValue())));
    }
    return members;
  }

  /** Returns a count, 0 to 10,000; another one where the keyword is missing. */
  int count(String keyword, int otherwise) {
    if (!has(keyword)) {
      return otherwise;
    }
    JsonNode count = node.get(keyword);
    if (!count.canConvertToInt() || !count.canConvertToExactIntegral()) {
      throw wrong(keyword, "a whole number from 0 to 10000");
    }
    if (count.intValue() < 0 || count.intValue() > 10_000) {
      throw wrong(keyword, "a whole number from 0 to 10000");
    }
    return count.intValue();
  }

  /** Returns a number of at most 100 digits; empty where the keyword is missing. */
  Optional<BigDecimal> number(String keyword) {
    if (!has(keyword)) {
      return Optional.empty();
    }
    if (!node.get(keyword).isNumber()) {
      throw wrong(keyword, "a number");
    }
    BigDecimal number = node.get(keyword).decimalValue();
    if (Math.abs((long) number.scale()) > 100 || number.precision() > 100) {
      throw wrong(keyword, "a number of at most 100 digits");
    }
    return Optional.of(number);
  }

  /** Returns the last name of the pointer. */
  String name() {
    return pointer.substring(pointer.lastIndexOf('/') + 1).replace("~1", "/").replace("~0", "~");
  }

  private static Place child(String pointer, String name, JsonNode node) {
    return new Place(pointer + "/" + name.replace("~", "~0").replace("/", "~1"), node);
  }
}
