package org.llavamed.dicomweb.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.DicomJson;
import org.llavamed.imaging.ImagingException;
import org.llavamed.network.NetworkException;
import org.llavamed.network.WebDataSet;

/** Reads the data sets of an answer in DICOM JSON (PS3.18 annex F), one after the other. */
final class DataSets {
  private static final Pattern CONTROL = Pattern.compile("[\\x7f-\\x9f]");

  /**
   * Most bytes of one data set. A node of JSON takes up to 30 times its bytes in memory, and is
   * there twice for a while.
   */
  private static final long LONGEST = Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 128);

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private DataSets() {}

  /** Takes one data set after the other. */
  @FunctionalInterface
  interface Taker {
    /** Takes a data set; returns whether to go on. */
    boolean take(WebDataSet dataSet);
  }

  /**
   * Reads the data sets of an answer.
   *
   * @param most how many it may have
   * @throws IOException if the answer breaks off
   * @throws NetworkException if it is no DICOM JSON
   */
  static void read(Answer answer, int most, Taker each) throws IOException {
    check(answer);
    Bounded body = new Bounded(answer.body(), answer.where());
    try (JsonParser parser = MAPPER.createParser(body)) {
      JsonToken first = parser.nextToken();
      if (first == null) { // no content
        return;
      }
      if (first != JsonToken.START_ARRAY) {
        throw answer.unexpected("an array in DICOM JSON");
      }
      for (int count = 1; parser.nextToken() == JsonToken.START_OBJECT; count++) {
        if (count > most) {
          throw answer.unexpected("at most %d data sets, but it has more".formatted(most));
        }
        JsonNode node = MAPPER.readTree(parser);
        body.begin();
        if (!each.take(dataSet(node, answer))) {
          return;
        }
      }
      if (parser.currentToken() != JsonToken.END_ARRAY) {
        throw answer.unexpected("an array of objects in DICOM JSON");
      }
    } catch (JsonProcessingException e) {
      throw noJson(answer, e);
    }
  }

  /**
   * Reads the only data set of an answer.
   *
   * @throws IOException if the answer breaks off
   * @throws NetworkException if it is no DICOM JSON
   */
  static DataSet readOne(Answer answer) throws IOException {
    check(answer);
    try (InputStream body = new Bounded(answer.body(), answer.where())) {
      JsonNode node = MAPPER.readTree(body);
      JsonNode object = node.isArray() && node.size() == 1 ? node.get(0) : node;
      return DicomJson.read(object.toString(), uri -> ByteBuffer.allocate(0));
    } catch (JsonProcessingException e) {
      throw noJson(answer, e);
    }
  }

  private static void check(Answer answer) {
    answer.checkPlain();
    MediaType type = answer.type();
    if (type.is(MediaType.XML) || type.parameter("type").equals(MediaType.XML)) {
      throw NetworkException.failed(
          answer.where(),
          "the answer is application/dicom+xml, which is not supported",
          "Let the service answer application/dicom+json");
    }
    if (answer.status() != 204 && !type.is(MediaType.JSON, "application/json")) {
      throw answer.unexpected(MediaType.JSON);
    }
  }

  private static NetworkException noJson(Answer answer, JsonProcessingException e) {
    return noJson(answer, e.getOriginalMessage(), e);
  }

  private static NetworkException noJson(Answer answer, String found, Exception e) {
    return NetworkException.failed(
        answer.where(),
        "the answer is no DICOM JSON (%s)".formatted(found),
        "Report this to those who run the service",
        e);
  }

  private static WebDataSet dataSet(JsonNode node, Answer answer) {
    String json =
        CONTROL
            .matcher(node.toString())
            .replaceAll(control -> "\\\\u%04x".formatted((int) control.group().charAt(0)));
    DataSet dataSet;
    try {
      dataSet = DicomJson.read(json, uri -> ByteBuffer.allocate(0));
    } catch (ImagingException e) {
      throw noJson(answer, String.valueOf(e.getMessage()).replaceAll("\\.$", ""), e);
    }
    Map<String, URI> bulk = new LinkedHashMap<>();
    collect(node, "", answer.uri(), bulk);
    return new WebDataSet(dataSet, bulk, json);
  }

  private static void collect(JsonNode object, String path, URI base, Map<String, URI> bulk) {
    for (Map.Entry<String, JsonNode> attribute : object.properties()) {
      JsonNode uri = attribute.getValue().path("BulkDataURI");
      String place = path + attribute.getKey();
      if (uri.isTextual()) {
        bulk.put(place, resolved(uri.asText(), base, place));
      }
      JsonNode values = attribute.getValue().path("Value");
      for (int i = 0; i < values.size(); i++) {
        if (values.get(i).isObject() && attribute.getValue().path("vr").asText().equals("SQ")) {
          collect(values.get(i), place + "/" + i + "/", base, bulk);
        }
      }
    }
  }

  private static URI resolved(String uri, URI base, String place) {
    try {
      return base.resolve(uri);
    } catch (IllegalArgumentException e) {
      throw NetworkException.failed(
          Origin.shown(base),
          "the BulkDataURI of %s is no address (%s)".formatted(place, e.getMessage()),
          "Report this to those who run the service",
          e);
    }
  }

  /** Counts the bytes of one data set. */
  private static final class Bounded extends FilterInputStream {
    private final String where;
    private long count;

    Bounded(InputStream in, String where) {
      super(in);
      this.where = where;
    }

    void begin() {
      count = 0;
    }

    @Override
    public int read() throws IOException {
      return counted(in.read(), 1);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = in.read(target, offset, length);
      return counted(read, read);
    }

    private int counted(int result, int more) {
      count += Math.max(0, more);
      if (count > LONGEST) {
        throw NetworkException.failed(
            where,
            "one data set has more than %d bytes of JSON".formatted(LONGEST),
            "Ask for fewer attributes, or give the JVM more memory (-Xmx)");
      }
      return result;
    }
  }
}
