package org.llavamed.data;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.llavamed.annotation.ResearchMark;

/**
 * A sample that is not used.
 *
 * @param file its file
 * @param record its number in the file, from 1
 * @param id its name
 * @param reason why
 * @param detail the picture and what is wrong with it; empty for the other reasons
 */
public record LeftOut(Path file, int record, String id, Reason reason, String detail) {
  private static final JsonFactory JSON = new JsonFactory();

  /** Why a sample is not used. */
  public enum Reason {
    /** Its picture is missing or broken. */
    PICTURE("without a readable picture"),
    /** Cutting it to the most length leaves not all of its picture, or no answer. */
    LENGTH("with no place for the picture and an answer");

    private final String words;

    Reason(String words) {
      this.words = words;
    }

    /** Returns the reason as it stands behind a count of samples. */
    public String words() {
      return words;
    }
  }

  /** Returns in a few words how many of the samples are left out, and why. */
  public static String summary(List<LeftOut> leftOut, int samples) {
    return "%d of %d samples left out%s"
        .formatted(
            leftOut.size(),
            samples,
            Arrays.stream(Reason.values())
                .filter(reason -> count(leftOut, reason) > 0)
                .map(reason -> ", %d %s".formatted(count(leftOut, reason), reason.words))
                .collect(Collectors.joining()));
  }

  /**
   * Writes all as JSON: counts, then a list of file, record, id, reason and detail.
   *
   * @param samples of all files, with those left out
   * @throws DataException if the file cannot be written
   */
  public static void write(Path file, List<LeftOut> leftOut, int samples) {
    WholeFile.write(file, part -> writeAll(part, leftOut, samples));
  }

  private static void writeAll(Path file, List<LeftOut> all, int samples) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(file.toFile(), JsonEncoding.UTF8)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("mark", ResearchMark.NOTICE);
      json.writeNumberField("samples", samples);
      for (Reason reason : Reason.values()) {
        json.writeNumberField(reason.name().toLowerCase(Locale.ROOT), count(all, reason));
      }
      json.writeArrayFieldStart("leftOut");
      for (LeftOut one : all) {
        json.writeStartObject();
        json.writeStringField("file", one.file().toString());
        json.writeNumberField("record", one.record());
        json.writeStringField("id", one.id());
        json.writeStringField("reason", one.reason().words);
        json.writeStringField("detail", one.detail());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static long count(List<LeftOut> all, Reason reason) {
    return all.stream().filter(one -> one.reason() == reason).count();
  }
}
