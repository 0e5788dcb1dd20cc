package org.llavamed.data;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.Stream;
import org.llavamed.preprocess.ConversationTemplate.Turn;

/**
 * Writes samples in LLaVA's format, as {@link SampleFile} reads it: a JSON list, a sample a line.
 */
public final class SampleWriter {
  private static final JsonFactory JSON = new JsonFactory();

  private SampleWriter() {}

  /**
   * Writes a file. It is written under another name and moved when it is whole.
   *
   * @param samples are taken one by one; none is kept in memory
   * @throws DataException if the file cannot be written
   */
  public static void write(Path file, Stream<Sample> samples) {
    WholeFile.write(file, part -> writeAll(part, samples));
  }

  private static void writeAll(Path file, Stream<Sample> samples) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(file.toFile(), JsonEncoding.UTF8)) {
      json.writeStartArray();
      Iterator<Sample> each = samples.iterator();
      while (each.hasNext()) {
        json.writeRaw('\n');
        write(json, each.next());
      }
      json.writeRaw('\n');
      json.writeEndArray();
      json.writeRaw('\n');
    }
  }

  private static void write(JsonGenerator json, Sample sample) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", sample.id());
    if (sample.image().isPresent()) {
      json.writeStringField("image", sample.image().get());
    }
    json.writeArrayFieldStart("conversations");
    boolean mark = sample.image().isPresent();
    for (Turn turn : sample.turns()) {
      write(json, "human", mark ? Sample.PICTURE_MARK + "\n" + turn.question() : turn.question());
      write(json, "gpt", turn.answer());
      mark = false;
    }
    json.writeEndArray();
    if (sample.vqa().isPresent()) {
      write(json, sample.vqa().get());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String from, String value) throws IOException {
    json.writeStartObject();
    json.writeStringField("from", from);
    json.writeStringField("value", value);
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, VqaMeta vqa) throws IOException {
    json.writeObjectFieldStart("vqa");
    json.writeStringField("question_id", vqa.questionId());
    json.writeStringField("answer_type", vqa.answerType().name());
    if (vqa.questionType().isPresent()) {
      json.writeStringField("question_type", vqa.questionType().get());
    }
    if (vqa.organ().isPresent()) {
      json.writeStringField("organ", vqa.organ().get());
    }
    json.writeStringField("split", vqa.split());
    json.writeEndObject();
  }
}
