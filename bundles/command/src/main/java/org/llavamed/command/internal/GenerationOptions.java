package org.llavamed.command.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.llavamed.files.FileError;
import org.llavamed.inference.Generation;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that say how a free answer is generated. */
final class GenerationOptions {
  private static final long MOST_SCHEMA_BYTES = 64 << 10;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description = "Most tokens of the answer (default: 128).")
  private @Nullable Integer maxNewTokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description =
          "Draw tokens at random, the more freely the larger; at 1 as the model says (default: 0,"
              + " always the likeliest token).")
  private @Nullable Double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "N",
      description = "Draw from the N likeliest tokens only (default: 0, from all).")
  private @Nullable Integer topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description =
          "Draw from the likeliest tokens only that together have this probability (default: 1,"
              + " from all).")
  private @Nullable Double topP;

  @Option(
      names = "--repetition-penalty",
      paramLabel = "X",
      description =
          "Make tokens less likely that the question or the answer has already (default: 1, no"
              + " less).")
  private @Nullable Double repetitionPenalty;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the draws: same seed, same answer (default: 0).")
  private @Nullable Long seed;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "End the answer before this text; may be given several times.")
  private List<String> stopTexts = List.of();

  @Option(
      names = "--json-schema",
      paramLabel = "FILE",
      description = "Write an answer that obeys the JSON schema in this file.")
  private @Nullable Path jsonSchema;

  /** Returns whether one of the options was given. */
  boolean given() {
    return !stopTexts.isEmpty()
        || Stream.of(maxNewTokens, temperature, topK, topP, repetitionPenalty, seed, jsonSchema)
            .anyMatch(Objects::nonNull);
  }

  /**
   * Returns how an answer is generated.
   *
   * @throws ParameterException if an option is out of its range, or has no effect without another
   */
  Generation generation(CommandLine line) {
    boolean draws = temperature != null && temperature != 0;
    if (!draws && (topK != null || topP != null || seed != null)) {
      throw new ParameterException(
          line, "--top-k, --top-p and --seed have no effect without a --temperature above 0");
    }
    if (stopTexts.contains("")) {
      throw new ParameterException(line, "--stop needs a text that is not empty");
    }
    Generation greedy = Generation.GREEDY;
    try {
      return new Generation(
          or(maxNewTokens, greedy.maxNewTokens()),
          or(temperature, greedy.temperature()),
          or(topK, greedy.topK()),
          or(topP, greedy.topP()),
          or(repetitionPenalty, greedy.repetitionPenalty()),
          or(seed, greedy.seed()),
          stopTexts);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(line, option(String.valueOf(e.getMessage())));
    }
  }

  private static <T> T or(@Nullable T given, T otherwise) {
    return given == null ? otherwise : given;
  }

  /** Writes the name that a message begins with as its option: topK as --top-k. */
  private static String option(String message) {
    int end = message.indexOf(' ');
    String name = message.substring(0, end).replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    return "--" + name + message.substring(end);
  }

  /**
   * Returns the JSON schema; empty where none was named.
   *
   * @throws ParameterException if the file cannot be read
   */
  String jsonSchema(CommandLine line) {
    Path file = jsonSchema;
    if (file == null) {
      return "";
    }
    if (!stopTexts.isEmpty()) {
      throw new ParameterException(
          line, "--stop would cut the answer that --json-schema orders; leave one of them out");
    }
    String schema = read(line, file);
    if (schema.isBlank()) {
      throw new ParameterException(line, "--json-schema %s: the file is empty".formatted(file));
    }
    return schema;
  }

  private static String read(CommandLine line, Path file) {
    try {
      long size = Files.size(file);
      if (size > MOST_SCHEMA_BYTES) {
        throw new ParameterException(
            line,
            "--json-schema %s: has %d bytes, expected at most %d"
                .formatted(file, size, MOST_SCHEMA_BYTES));
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new ParameterException(
          line, "--json-schema %s: %s".formatted(file, FileError.reading(file, e)), e);
    }
  }
}
