package org.llavamed.evaluation.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.llavamed.data.AnswerType;
import org.llavamed.data.DataException;
import org.llavamed.data.PictureFolder;
import org.llavamed.data.VqaQuestion;

/** Reads the questions of a chat evaluation, one JSON object a line. */
final class ChatFile {
  private static final long MOST_BYTES = 256L << 20;

  /** In the order in which the first that is true counts. */
  private static final List<String> DOMAINS =
      List.of("chest_xray", "mri", "histology", "gross", "ct_scan");

  private static final String SPLIT = "chat";

  private final Path file;
  private final PictureFolder images;
  private final Set<String> ids = new HashSet<>();

  private ChatFile(Path file, PictureFolder images) {
    this.file = file;
    this.images = images;
  }

  /**
   * Reads a file.
   *
   * @param images folder of the pictures
   * @throws DataException if the file cannot be read, has no question, or one is wrong
   */
  static List<ChatQuestion> read(Path file, Path images) {
    return new ChatFile(file, new PictureFolder(images)).read();
  }

  private List<ChatQuestion> read() {
    List<ChatQuestion> questions = new ArrayList<>();
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw DataException.invalid(
            file,
            "it has %d bytes, expected at most %d".formatted(Files.size(file), MOST_BYTES),
            "Name a file of chat questions");
      }
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (!lines.get(i).isBlank()) {
          questions.add(question("%s: line %d".formatted(file, i + 1), lines.get(i)));
        }
      }
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
    if (questions.isEmpty()) {
      throw DataException.invalid(
          file, "it has no question", "Name a file of chat questions, one JSON object a line");
    }
    return questions;
  }

  private ChatQuestion question(String where, String line) {
    JsonNode json;
    try {
      json = JsonMapper.builder().build().readTree(line);
    } catch (JsonProcessingException e) {
      throw DataException.invalid(where, "it is no JSON", "Write one JSON object a line", e);
    }
    String id = text(where, json, "question_id");
    if (!ids.add(id)) {
      throw DataException.invalid(
          where, "a second question has the id '%s'".formatted(id), "Give each an id of its own");
    }
    String image = text(where, json, "image");
    return new ChatQuestion(
        new VqaQuestion(
            id,
            images.file(image),
            image,
            filled(where, "text", text(where, json, "text").replace("<image>", "")),
            filled(where, "gpt4_answer", text(where, json, "gpt4_answer")),
            AnswerType.OPEN,
            Optional.of(text(where, json, "type")),
            Optional.of(domain(where, json.path("domain"))),
            SPLIT),
        text(where, json, "fig_label"),
        text(where, json, "fig_caption"),
        mentions(where, json.path("in_text_mention")));
  }

  private static String text(String where, JsonNode json, String key) {
    JsonNode value = json.path(key);
    if (!value.isTextual() && !value.isNumber()) {
      throw missing(where, key);
    }
    return value.asText();
  }

  private static String filled(String where, String key, String text) {
    if (text.isBlank()) {
      throw DataException.invalid(
          where, "the value of '%s' is blank".formatted(key), "Write it, or remove the line");
    }
    return text.strip();
  }

  private static String domain(String where, JsonNode flags) {
    if (!flags.isObject()) {
      throw missing(where, "domain");
    }
    return DOMAINS.stream()
        .filter(name -> flags.path(name).asBoolean())
        .findFirst()
        .orElse(ChatQuestion.OTHER);
  }

  private static List<String> mentions(String where, JsonNode list) {
    if (!list.isArray()) {
      throw missing(where, "in_text_mention");
    }
    List<String> mentions = new ArrayList<>();
    list.forEach(one -> mentions.add(text(where + ", in_text_mention", one, "tokens")));
    return mentions;
  }

  private static DataException missing(String where, String key) {
    return DataException.invalid(
        where,
        "the key '%s' is missing or of another kind".formatted(key),
        "Write it as the published files have it");
  }
}
