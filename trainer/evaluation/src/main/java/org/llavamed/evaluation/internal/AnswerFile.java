package org.llavamed.evaluation.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.llavamed.data.DataException;

/** Files of answers, one JSON object a line. */
final class AnswerFile {
  private static final long MOST_BYTES = 256L << 20;
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private AnswerFile() {}

  /**
   * Reads all lines; blank ones are left out.
   *
   * @throws DataException if the file cannot be read or a line is no answer
   */
  static List<AnswerLine> read(Path file) {
    byte[] bytes = bytes(file);
    return parse(file, bytes, bytes.length);
  }

  /**
   * Reads the lines of a file that was being written: a last one without its end is left out.
   *
   * @throws DataException if the file cannot be read or a line is no answer
   */
  static List<AnswerLine> readWhole(Path file) {
    byte[] bytes = bytes(file);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    return parse(file, bytes, end);
  }

  private static byte[] bytes(Path file) {
    try {
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        throw DataException.invalid(
            file,
            "it has %d bytes, expected at most %d".formatted(size, MOST_BYTES),
            "Name a file of answers");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  private static List<AnswerLine> parse(Path file, byte[] bytes, int end) {
    String text = new String(bytes, 0, end, StandardCharsets.UTF_8);
    List<AnswerLine> lines = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      if (!line.isBlank()) {
        lines.add(parse(file, number, line));
      }
    }
    return lines;
  }

  private static AnswerLine parse(Path file, int number, String line) {
    try {
      return AnswerLine.of(MAPPER.readTree(line));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      String found =
          e instanceof JsonProcessingException ? "it is no JSON" : String.valueOf(e.getMessage());
      throw DataException.invalid(
          "%s: line %d".formatted(file, number),
          found,
          "Write one JSON object a line with the keys question_id, prompt and text",
          e);
    }
  }

  /** Returns a line of a file, with its end. */
  static String text(AnswerLine line) {
    try {
      return MAPPER.writeValueAsString(line.json()) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("No JSON of " + line, e);
    }
  }
}
