package org.llavamed.command.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.llavamed.files.FileError;
import org.llavamed.inference.ModelException;

/** Reads and prints JSON. */
final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /** Returns whether a text is one JSON value. */
  static boolean isValue(String text) {
    try {
      return !MAPPER.readTree(text).isMissingNode();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  /**
   * Returns what the importer recorded in a model folder when it held the model against its
   * checkpoint, by name; empty where nothing is recorded.
   *
   * @throws ModelException if the record cannot be read
   */
  static Map<String, String> selfCheck(Path folder) {
    Path file = folder.resolve("llavamed.json");
    Map<String, String> values = new TreeMap<>();
    try {
      MAPPER
          .readTree(Files.readString(file))
          .path("selfCheck")
          .properties()
          .forEach(value -> put(values, value.getKey(), value.getValue()));
    } catch (IOException e) {
      throw ModelException.invalid(
          file, FileError.reading(file, e).found(), "Check the folder and its rights", e);
    }
    return values;
  }

  /** The names of values in an object are joined by dots. */
  private static void put(Map<String, String> values, String name, JsonNode value) {
    if (value.isObject()) {
      value.properties().forEach(in -> put(values, name + "." + in.getKey(), in.getValue()));
    } else {
      values.put(name, value.asText());
    }
  }

  /** Prints a record as one JSON object. */
  static void print(PrintWriter out, Record value) {
    try {
      out.println(MAPPER.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("No JSON of " + value.getClass(), e);
    }
  }
}
