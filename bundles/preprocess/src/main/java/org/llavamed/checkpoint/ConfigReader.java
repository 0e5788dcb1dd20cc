package org.llavamed.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.llavamed.inference.ModelException;

/**
 * Reads values of one object of a configuration file, each checked.
 *
 * @param file for messages
 * @param prefix of the keys in messages, for example {@code text_config.}
 * @param node the object; a missing one where all values have defaults
 */
public record ConfigReader(Path file, String prefix, JsonNode node) {
  /** Returns a reader of an object inside. */
  public ConfigReader inside(String key) {
    return new ConfigReader(file, prefix + key + ".", node.path(key));
  }

  /** Returns this reader, where it is one of an object. */
  public ConfigReader object() {
    if (!node.isObject()) {
      String key = prefix.substring(0, Math.max(0, prefix.length() - 1));
      throw ModelException.invalid(
          file, key + " is missing, expected an object", "Check that the file is whole");
    }
    return this;
  }

  /** Returns whether a key has a value other than null. */
  public boolean has(String key) {
    return node.hasNonNull(key);
  }

  /** Returns a text, or {@code absent} where the key is missing or null. */
  public String text(String key, String absent) {
    return has(key) ? node.get(key).asText() : absent;
  }

  /** Returns a flag, or {@code absent} where the key is missing or null. */
  public boolean flag(String key, boolean absent) {
    return has(key) ? node.get(key).asBoolean() : absent;
  }

  /** Returns a whole number from 1 to {@code max}, or {@code absent}. */
  public int count(String key, int absent, int max) {
    JsonNode value = node.path(key);
    if (!has(key)) {
      return absent;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < 1
        || value.intValue() > max) {
      throw wrong(key, "a whole number from 1 to " + max);
    }
    return value.intValue();
  }

  /** Returns the list of texts that a key holds; empty where it is missing. */
  public List<String> texts(String key) {
    return StreamSupport.stream(node.path(key).spliterator(), false).map(JsonNode::asText).toList();
  }

  /** Returns a whole number of 0 or more, or {@code absent}. */
  public int id(String key, int absent) {
    JsonNode value = node.path(key);
    if (!has(key)) {
      return absent;
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
      throw wrong(key, "a token id");
    }
    return value.intValue();
  }

  /** Returns a positive number, or {@code absent}. */
  public float number(String key, float absent) {
    JsonNode value = node.path(key);
    if (!has(key)) {
      return absent;
    }
    if (!value.isNumber() || !(value.floatValue() > 0) || Float.isInfinite(value.floatValue())) {
      throw wrong(key, "a positive number");
    }
    return value.floatValue();
  }

  /** Checks that a text is one of those that are supported. */
  public String oneOf(String key, String absent, List<String> supported) {
    String value = text(key, absent);
    if (!supported.contains(value)) {
      throw wrong(key, supported.size() == 1 ? supported.get(0) : "one of " + supported);
    }
    return value;
  }

  /** Returns the error that a value is not what it may be. */
  public ModelException wrong(String key, String expected) {
    return ModelException.invalid(
        file,
        "%s%s is %s, expected %s"
            .formatted(prefix, key, has(key) ? node.get(key) : "missing", expected),
        "Use a checkpoint with a LLaMA or Mistral decoder and, where it sees, a CLIP tower");
  }
}
