package org.llavamed.preprocess.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.llavamed.files.FileError;
import org.llavamed.inference.ModelException;

/** Reads small JSON files of a checkpoint. */
public final class JsonFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MOST_BYTES = 16 << 20;

  private JsonFile() {}

  /**
   * Reads an object; a missing node where there is no file.
   *
   * @throws ModelException if the file is too large or holds no JSON object
   */
  public static JsonNode optionalObject(Path file, String advice) {
    if (!Files.exists(file)) {
      return MissingNode.getInstance();
    }
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw ModelException.invalid(file, "holds more than " + MOST_BYTES + " bytes", advice);
      }
      JsonNode json = JSON.readTree(file.toFile());
      if (!json.isObject()) {
        throw ModelException.invalid(file, "is no JSON object", advice);
      }
      return json;
    } catch (JsonProcessingException e) {
      throw ModelException.invalid(
          file, "is no valid JSON (" + e.getOriginalMessage() + ")", advice, e);
    } catch (IOException e) {
      throw ModelException.invalid(file, FileError.reading(file, e).found(), advice, e);
    }
  }
}
