package org.llavamed.annotator.internal;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MapperBuilder;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.llavamed.annotation.AnnotationException;
import org.llavamed.annotation.Protocol;
import org.llavamed.annotation.Protocol.ProtocolQuestion;
import org.llavamed.files.FileError;

/**
 * Reads protocols: JSON or YAML files as protocol.schema.json describes them. A protocol's hash is
 * the sha256 of the file's bytes.
 */
final class ProtocolReader {
  /** Most pictures of a stack or of a multi-frame object. */
  static final int MOST_FRAMES = 1000;

  /** Resource of the protocol that ships. */
  static final String DEFAULT = "/org/llavamed/annotator/default-protocol.yaml";

  private static final int MOST_BYTES = 1 << 20;
  private static final String ADVICE = "Correct the protocol; protocol.schema.json describes it";

  private final ObjectMapper json = strict(JsonMapper.builder());
  private final ObjectMapper yaml =
      strict(YAMLMapper.builder().enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS));

  /**
   * Reads a protocol file: JSON where its name ends so, else YAML.
   *
   * @throws AnnotationException if the file cannot be read or is no valid protocol; names the line
   *     and column, or the key
   */
  Protocol read(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw AnnotationException.invalid(
            file,
            "%d bytes, a protocol has at most %d".formatted(Files.size(file), MOST_BYTES),
            "Name a protocol file");
      }
      return parse(file, Files.readAllBytes(file));
    } catch (IOException e) {
      FileError error = FileError.reading(file, e);
      throw AnnotationException.invalid(file, error.found(), error.advice(), e);
    }
  }

  /** Returns the protocol that ships. */
  Protocol shipped() {
    try (InputStream in = ProtocolReader.class.getResourceAsStream(DEFAULT)) {
      if (in == null) {
        throw new IllegalStateException("The bundle lacks its resource " + DEFAULT);
      }
      return parse("the default protocol", in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Makes a protocol of free questions.
   *
   * @param questions at least one
   * @param frames pictures of a stack or of a multi-frame object
   * @throws AnnotationException if a question is blank
   */
  Protocol adHoc(List<String> questions, int frames) {
    var asked = new ArrayList<ProtocolQuestion>();
    for (String text : questions) {
      if (text.isBlank()) {
        throw AnnotationException.invalid(
            "question " + (asked.size() + 1), "is blank", "Write what is asked of the pictures");
      }
      asked.add(
          new ProtocolQuestion(
              "q" + (asked.size() + 1),
              text.strip(),
              Optional.empty(),
              List.of(),
              List.of(),
              List.of(),
              Optional.empty()));
    }
    String content =
        asked.stream()
            .map(ProtocolQuestion::text)
            .collect(Collectors.joining("\n", frames + "\n", ""));
    return new Protocol(
        "questions", "1", sha256(content.getBytes(StandardCharsets.UTF_8)), frames, asked);
  }

  private Protocol parse(Object where, byte[] bytes) {
    boolean isJson = where.toString().toLowerCase(Locale.ROOT).endsWith(".json");
    try {
      ProtocolFile file = (isJson ? json : yaml).readValue(bytes, ProtocolFile.class);
      return new ProtocolCheck(where).check(file, sha256(bytes));
    } catch (UnrecognizedPropertyException e) {
      throw AnnotationException.invalid(
          at(where, e),
          "unknown key '%s', expected %s"
              .formatted(
                  e.getPropertyName(),
                  String.join(
                      ", ",
                      e.getKnownPropertyIds().stream().map(Object::toString).sorted().toList())),
          ADVICE,
          e);
    } catch (MismatchedInputException e) {
      throw AnnotationException.invalid(
          at(where, e), "another kind of value than expected: " + expected(e), ADVICE, e);
    } catch (JsonProcessingException e) {
      throw AnnotationException.invalid(at(where, e), firstLine(e.getOriginalMessage()), ADVICE, e);
    } catch (IOException e) {
      throw new UncheckedIOException("Reading bytes in memory failed", e);
    }
  }

  private static String at(Object where, JsonProcessingException e) {
    // Where the parser stands when a key is refused is behind the value, often on the next line.
    JsonLocation location =
        e instanceof JsonMappingException && e.getProcessor() instanceof JsonParser parser
            ? parser.currentTokenLocation()
            : e.getLocation();
    String place =
        location == null
            ? where.toString()
            : "%s, line %d, column %d"
                .formatted(where, location.getLineNr(), location.getColumnNr());
    String key = e instanceof JsonMappingException mapping ? key(mapping) : "";
    return key.isEmpty() ? place : "%s, key %s".formatted(place, key);
  }

  /** Returns the path to a value as it would be written, for example {@code questions[2].text}. */
  private static String key(JsonMappingException e) {
    var path = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return path.toString();
  }

  /** Says what stands where a value of another kind does. */
  private static String expected(MismatchedInputException e) {
    Class<?> type = e.getTargetType();
    if (type == String.class) {
      return "text (a number or yes and no as text want quotation marks)";
    }
    if (type == Integer.class) {
      return "a whole number";
    }
    return type != null && List.class.isAssignableFrom(type) ? "a list" : "keys with values";
  }

  private static String firstLine(String message) {
    String line = message.lines().findFirst().orElse("not readable").strip();
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }

  private static ObjectMapper strict(MapperBuilder<?, ?> builder) {
    return builder
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .withCoercionConfig(
            LogicalType.Textual,
            config ->
                config
                    .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
        .build();
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
