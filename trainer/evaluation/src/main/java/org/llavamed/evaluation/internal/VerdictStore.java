package org.llavamed.evaluation.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.data.DataException;

/**
 * The verdicts of judges, kept line by line: one that was given is never paid for again, and an
 * interrupted run goes on where it was. A verdict counts for an equal request to an equal judge
 * only.
 */
final class VerdictStore implements AutoCloseable {
  private static final long MOST_BYTES = 1L << 30;
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private final Path file;
  private final Writer writer;
  private final Map<String, Verdict> verdicts;
  private long known;

  private VerdictStore(Path file, Writer writer, Map<String, Verdict> verdicts) {
    this.file = file;
    this.writer = writer;
    this.verdicts = verdicts;
  }

  /**
   * Opens a file of verdicts, or makes one.
   *
   * @throws DataException if it cannot be read or written
   */
  static VerdictStore open(Path file) {
    Map<String, Verdict> verdicts = new HashMap<>();
    boolean torn = Files.exists(file) && !read(file, verdicts);
    try {
      Writer writer =
          Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      writer.write(torn ? "\n" : "");
      return new VerdictStore(file, writer, verdicts);
    } catch (IOException e) {
      throw DataException.unwritable(file, e);
    }
  }

  /** Reads the lines that are whole, and returns whether all are. */
  private static boolean read(Path file, Map<String, Verdict> verdicts) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw DataException.invalid(
            file,
            "it has %d bytes, expected at most %d".formatted(Files.size(file), MOST_BYTES),
            "Name another --out");
      }
      String text = Files.readString(file);
      List<String> lines = text.lines().toList();
      for (String line : lines) {
        readLine(line, verdicts);
      }
      return text.isEmpty() || text.endsWith("\n");
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  /** What an interrupted run left of a line says nothing; its verdict is asked for again. */
  private static void readLine(String line, Map<String, Verdict> verdicts) {
    try {
      JsonNode json = MAPPER.readTree(line);
      JsonNode first = json.path("score_1");
      JsonNode second = json.path("score_2");
      if (first.isNumber() && second.isNumber() && json.path("request_sha256").isTextual()) {
        verdicts.put(
            json.path("request_sha256").asText(),
            new Verdict(first.asDouble(), second.asDouble(), json.path("verdict").asText()));
      }
    } catch (JsonProcessingException e) {
      // As of the method.
    }
  }

  /**
   * Returns the verdict of a judge, the one that is known where there is one.
   *
   * @throws JudgeException if the judge gives none
   * @throws DataException if it cannot be kept
   */
  Verdict verdict(Judge judge, ChatQuestion question, String first, String second) {
    String key = sha256(judge.name() + "\0" + judge.request(question, first, second));
    Verdict verdict = verdicts.get(key);
    if (verdict != null) {
      known++;
      return verdict;
    }
    Verdict given = judge.judge(question, first, second);
    verdicts.put(key, given);
    write(judge, question, key, given);
    return given;
  }

  private void write(Judge judge, ChatQuestion question, String key, Verdict verdict) {
    ObjectNode line = MAPPER.createObjectNode();
    line.put("question_id", question.question().id())
        .put("judge", judge.name())
        .put("request_sha256", key)
        .put("score_1", verdict.first())
        .put("score_2", verdict.second())
        .put("verdict", verdict.text())
        .put("notice", ResearchMark.NOTICE);
    try {
      writer.write(line + "\n");
      writer.flush();
    } catch (IOException e) {
      throw DataException.unwritable(file, e);
    }
  }

  /** Returns how many verdicts were known. */
  long known() {
    return known;
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw DataException.unwritable(file, e);
    }
  }
}
