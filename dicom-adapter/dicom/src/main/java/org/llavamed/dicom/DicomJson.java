package org.llavamed.dicom;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PixelData;

/**
 * The DICOM JSON model of PS3.18 annex F, both ways. DS and IS are written as numbers with the
 * digits of the text, as text where they are no numbers; NaN and the infinities, for which JSON has
 * no number, as text. Specific Character Set (0008,0005) becomes ISO_IR 192; group lengths and file
 * meta information are left out.
 */
public final class DicomJson {
  private static final int DEEPEST = 4 * DataSetParser.DEEPEST + 8;
  private static final JsonMapper MAPPER = mapper();

  private DicomJson() {}

  private static JsonMapper mapper() {
    JsonMapper mapper =
        JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .build();
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(DEEPEST)
                .maxStringLength(Integer.MAX_VALUE)
                .build());
    return mapper;
  }

  /** Says which value fields are not written inline but as BulkDataURI. */
  @FunctionalInterface
  public interface BulkStore {
    /**
     * Returns the address of a value field; empty to write it inline.
     *
     * @param tag of the attribute
     * @param value the bytes in little endian order; of encapsulated pixel data the fragments
     *     joined
     */
    Optional<String> uri(int tag, ByteBuffer value);
  }

  /** Fetches what a BulkDataURI names. */
  @FunctionalInterface
  public interface BulkSource {
    /**
     * Returns the bytes, in little endian order.
     *
     * @throws ImagingException if they cannot be had
     */
    ByteBuffer fetch(String uri);
  }

  /**
   * Returns a data set as JSON text, all bulk data inline.
   *
   * @throws ImagingException if pixel data is encapsulated, which has no inline form
   */
  public static String write(DataSet dataSet) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      write(dataSet, out, (tag, value) -> Optional.empty());
    } catch (IOException e) {
      throw ImagingException.damaged("DICOM JSON", e.toString(), "Report this error", e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /**
   * Writes a data set as JSON in UTF-8; the stream stays open.
   *
   * @throws ImagingException if pixel data is encapsulated and the store names no address for it
   */
  public static void write(DataSet dataSet, OutputStream out, BulkStore store) throws IOException {
    try (JsonGenerator json = MAPPER.createGenerator(out)) {
      new JsonEncoder(json, store).write(dataSet);
    }
  }

  /**
   * Writes a data set as JSON text; the writer stays open.
   *
   * @param pixels pixel data of which only the length is written; null where it is in the data set
   * @param pretty whether the text is indented
   */
  static void write(
      DataSet dataSet, @Nullable PixelData pixels, Writer out, boolean pretty, BulkStore store)
      throws IOException {
    try (JsonGenerator json = MAPPER.createGenerator(out)) {
      if (pretty) {
        json.useDefaultPrettyPrinter();
      }
      new JsonEncoder(json, store).write(dataSet, pixels);
    }
  }

  /** Returns the address that says no more than how long a value field is. */
  static String leftOut(long length) {
    return "?length=" + length;
  }

  /**
   * Reads a data set from JSON text without BulkDataURI.
   *
   * @throws ImagingException if the text is no DICOM JSON or names bulk data; the message names the
   *     attribute
   */
  public static DataSet read(String text) {
    return read(
        text,
        uri -> {
          throw ImagingException.unsupported(
              uri, "a BulkDataURI here", "Give a source that fetches bulk data");
        });
  }

  /**
   * Reads a data set from JSON text: one object, or an array of one as DICOMweb answers.
   *
   * @throws ImagingException if the text is no DICOM JSON; the message names the attribute
   */
  public static DataSet read(String text, BulkSource source) {
    JsonNode node = parse(text);
    if (node.isArray() && node.size() == 1) {
      node = node.get(0);
    }
    return new JsonDecoder(source).read(node, "DICOM JSON", 0);
  }

  private static JsonNode parse(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw noJson(e.getOriginalMessage(), e);
    } catch (NumberFormatException e) {
      // Jackson throws it as it is for a number whose exponent has too many digits.
      throw noJson("a number is out of every range", e);
    }
  }

  private static ImagingException noJson(String reason, Exception cause) {
    return ImagingException.damaged(
        "DICOM JSON",
        "the text is no JSON (%s)".formatted(reason),
        "Give one JSON object for a data set",
        cause);
  }
}
