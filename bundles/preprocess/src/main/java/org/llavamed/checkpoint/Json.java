package org.llavamed.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.llavamed.files.FileError;
import org.llavamed.inference.ModelException;

/** Reads and writes JSON files; what is written has the same bytes on every platform. */
public final class Json {
  /** Longest JSON file that is read, in bytes: a tokenizer of 256,000 tokens has about 35 MB. */
  private static final long MAX_BYTES = 200_000_000;

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ObjectWriter WRITER =
      MAPPER.writer(
          new DefaultPrettyPrinter()
              .withObjectIndenter(new DefaultIndenter("  ", "\n"))
              .withArrayIndenter(new DefaultIndenter("  ", "\n")));

  private Json() {}

  /** Returns an object without keys. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /**
   * Reads a file that holds a JSON object.
   *
   * @throws ModelException if it is missing, too long or holds something else
   */
  public static ObjectNode object(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw ModelException.invalid(
            file,
            "it has %d bytes, at most %d are read".formatted(size, MAX_BYTES),
            "Check that it is the file it is named after");
      }
      JsonNode node = MAPPER.readTree(Files.readAllBytes(file));
      if (node instanceof ObjectNode object) {
        return object;
      }
      throw ModelException.invalid(
          file, "it holds no JSON object", "Check that it is the file it is named after");
    } catch (JsonProcessingException e) {
      throw ModelException.invalid(
          file, "it is no valid JSON (" + e.getOriginalMessage() + ")", "Download it again", e);
    } catch (IOException e) {
      throw ModelException.invalid(
          file, FileError.reading(file, e).found(), "Check the folder and its rights", e);
    }
  }

  /** Reads the text of a JSON object that was made from a file. */
  public static ObjectNode parse(Path file, String text) {
    try {
      return (ObjectNode) MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw ModelException.invalid(
          file, "it became no JSON (" + e.getOriginalMessage() + ")", "Download it again", e);
    }
  }

  /** Writes an object, indented by two blanks, UTF-8, with a line feed at its end. */
  public static void write(Path file, ObjectNode object) throws IOException {
    Files.write(file, (WRITER.writeValueAsString(object) + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
