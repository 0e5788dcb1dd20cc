package org.llavamed.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;

/**
 * The records of a JSON file: a list of objects, or objects one after another as in JSON lines. The
 * file is walked through once, then only the places of the records are kept in memory, 16 bytes
 * each, and a record is read when it is asked for. Safe for use by several threads.
 *
 * @param <T> what a record is read as
 */
final class JsonRecords<T> implements AutoCloseable {
  /** The most bytes of a record. */
  static final int MOST_BYTES = 4 << 20;

  private static final String ADVICE = "Write the file again as UTF-8 JSON";

  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(50)
                          .maxStringLength(MOST_BYTES)
                          .build())
                  .build())
          .build();

  private final Path file;
  private final FileChannel channel;
  private final Function<RecordFields, T> reading;
  private long[] starts = new long[64];
  private long[] ends = new long[64];
  private int size;

  private JsonRecords(Path file, FileChannel channel, Function<RecordFields, T> reading) {
    this.file = file;
    this.channel = channel;
    this.reading = reading;
  }

  /**
   * Opens a file and reads each record once.
   *
   * @param reading what makes a value of a record's keys
   * @throws DataException if the file cannot be read, is no JSON of records, or a record is wrong
   */
  static <T> JsonRecords<T> open(Path file, Function<RecordFields, T> reading) {
    JsonRecords<T> records;
    try {
      records = new JsonRecords<>(file, FileChannel.open(file), reading);
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
    try {
      records.scan();
      return records;
    } catch (RuntimeException e) {
      records.close();
      throw e;
    }
  }

  int size() {
    return size;
  }

  /**
   * Reads a record.
   *
   * @param index from 0
   * @throws DataException if the file cannot be read, or was changed since it was opened
   */
  T get(int index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException(
          "%s: record %d was asked for, the file has %d".formatted(file, index + 1, size));
    }
    return read(index + 1, starts[index], ends[index]);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  private void scan() {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
        JsonParser parser = JSON.getFactory().createParser(in)) {
      scan(parser);
    } catch (JsonProcessingException e) {
      throw notJson(where(size + 1), e);
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  private void scan(JsonParser parser) throws IOException {
    JsonToken token = parser.nextToken();
    boolean list = token == JsonToken.START_ARRAY;
    if (list) {
      token = parser.nextToken();
    }
    for (; token != null && !(list && token == JsonToken.END_ARRAY); token = parser.nextToken()) {
      if (token != JsonToken.START_OBJECT) {
        throw DataException.invalid(
            where(size + 1), "it is no object", "Write a list of objects, or an object a line");
      }
      add(parser);
    }
    if (list && parser.nextToken() != null) {
      throw DataException.invalid(file, "something follows the list", ADVICE);
    }
  }

  /** Adds the object that the parser has just begun. */
  private void add(JsonParser parser) throws IOException {
    long start = offset(parser.currentTokenLocation());
    int depth = 1;
    while (depth > 0) {
      JsonToken token = parser.nextToken();
      if (token == null) {
        throw DataException.invalid(where(size + 1), "the file ends within it", ADVICE);
      }
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      if (offset(parser.currentLocation()) - start > MOST_BYTES) {
        throw DataException.invalid(
            where(size + 1),
            "it is longer than %d bytes".formatted(MOST_BYTES),
            "Name a picture instead of holding it, or make several records of it");
      }
    }
    long end = offset(parser.currentLocation());
    read(size + 1, start, end); // a wrong record is named now, not when its turn comes
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, size * 2);
      ends = Arrays.copyOf(ends, size * 2);
    }
    starts[size] = start;
    ends[size++] = end;
  }

  private long offset(JsonLocation location) {
    if (location.getByteOffset() < 0) {
      throw DataException.invalid(file, "it is no UTF-8 text", ADVICE);
    }
    return location.getByteOffset();
  }

  private T read(int number, long start, long end) {
    byte[] bytes = new byte[Math.toIntExact(end - start)];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, start + buffer.position()) < 0) {
          throw DataException.invalid(
              where(number),
              "the file has become shorter",
              "Leave files alone while they are used");
        }
      }
      JsonNode json = JSON.readTree(bytes);
      return reading.apply(new RecordFields(where(number), json));
    } catch (JsonProcessingException e) {
      throw notJson(where(number), e);
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  private String where(int number) {
    return "%s: record %d".formatted(file, number);
  }

  private static DataException notJson(Object where, JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    String line =
        at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
    return DataException.invalid(
        where, "it is no valid JSON%s (%s)".formatted(line, e.getOriginalMessage()), ADVICE, e);
  }
}
