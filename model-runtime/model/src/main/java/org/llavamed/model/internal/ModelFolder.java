package org.llavamed.model.internal;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.llavamed.files.FileError;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.ModelException;

/**
 * A model folder whose every file has the hash that its llavamed.json states.
 *
 * @param path the folder
 * @param description what llavamed.json states
 * @param identity sha256 of llavamed.json; where it has a {@code selfCheck}, which is not the same
 *     on every machine, of the object without it, in UTF-8 without blanks
 */
record ModelFolder(Path path, ModelDescription description, String identity) {
  private static final String DESCRIPTION = "llavamed.json";
  private static final String IMPORT =
      "Import the checkpoint again with 'llavamed model import', or copy the whole folder again";
  private static final int MOST_VALUES = 256;
  private static final long MOST_BYTES = 16 << 20;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  /**
   * Reads llavamed.json and checks the hash of every file, where large ones have not changed since
   * they were hashed last.
   *
   * @throws ModelException if the folder is no model folder of a form that is known, or a file is
   *     missing, foreign or damaged
   */
  static ModelFolder open(Path path) {
    return open(path, true);
  }

  /**
   * As {@link #open(Path)}, but every file is hashed, whatever is known of it.
   *
   * @throws ModelException as {@link #open(Path)} does
   */
  static ModelFolder verify(Path path) {
    return open(path, false);
  }

  private static ModelFolder open(Path path, boolean trusting) {
    Path file = path.resolve(DESCRIPTION);
    if (!Files.isRegularFile(file)) {
      throw ModelException.invalid(
          path,
          "is no model folder (" + DESCRIPTION + " is missing)",
          "Name a folder that 'llavamed model import' made");
    }
    byte[] bytes = read(file);
    ModelDescription description = parse(file, bytes);
    rejectForeignGraphs(path, description);
    ModelFolder folder = new ModelFolder(path, description, identity(file, bytes));
    VerifiedFiles verified = new VerifiedFiles(folder.notes(), trusting);
    description.sortedFiles().entrySet().parallelStream()
        .forEach(entry -> check(path, entry.getKey(), entry.getValue(), verified));
    verified.keep();
    return folder;
  }

  private static String identity(Path file, byte[] bytes) {
    try {
      JsonNode json = JSON.readTree(bytes);
      return json instanceof ObjectNode object && object.remove("selfCheck") != null
          ? Hashes.of(json.toString().getBytes(StandardCharsets.UTF_8))
          : Hashes.of(bytes);
    } catch (IOException e) {
      throw ModelException.invalid(file, FileError.reading(file, e).found(), IMPORT, e);
    }
  }

  /** Returns what this machine keeps about the model. */
  Notes notes() {
    return new Notes(path, identity);
  }

  /** Returns what the model is. */
  ModelCard card() {
    return new ModelCard(
        description.name(),
        description.version(),
        identity,
        description.precision(),
        description.template(),
        description.preparation(),
        description.licence(),
        description.source());
  }

  /**
   * Returns a file of the folder.
   *
   * @throws ModelException if llavamed.json does not list it
   */
  Path file(String name) {
    if (!description.files().containsKey(name)) {
      throw ModelException.invalid(
          path.resolve(DESCRIPTION), "does not list " + name + " among its files", IMPORT);
    }
    return path.resolve(name);
  }

  /** The model cannot look at pictures. */
  ModelException noPictures() {
    return ModelException.invalid(
        path,
        "the model reads texts only, it has no vision tower",
        "Ask it without a picture, or take a model that looks at pictures");
  }

  /** The model is closed. */
  ModelException closed() {
    return ModelException.invalid(path, "the model is closed", "Open it again");
  }

  /** The calling thread was interrupted while the model was loaded. */
  ModelException interrupted() {
    return ModelException.invalid(path, "was not opened, since that was interrupted", "Try again");
  }

  /** A run of one of the graphs failed. */
  ModelException failed(OrtException e) {
    return ModelException.invalid(
        path,
        "ONNX Runtime failed (" + e.getMessage() + ")",
        "Check that the memory suffices, else import the checkpoint again",
        e);
  }

  /**
   * Returns what the importer recorded when it compared the model with its checkpoint: the values
   * of the object {@code selfCheck} of llavamed.json by their names, those of objects in it joined
   * by dots; empty where it is not there.
   */
  Map<String, String> selfCheck() {
    Path file = path.resolve(DESCRIPTION);
    Map<String, String> values = new TreeMap<>();
    try {
      flatten("", JSON.readTree(read(file)).path("selfCheck"), values);
    } catch (IOException e) {
      throw ModelException.invalid(file, FileError.reading(file, e).found(), IMPORT, e);
    }
    return values;
  }

  private static void flatten(String name, JsonNode node, Map<String, String> values) {
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        String inner = name.isEmpty() ? field.getKey() : name + "." + field.getKey();
        flatten(inner, field.getValue(), values);
      }
    } else if (!node.isMissingNode() && values.size() < MOST_VALUES) {
      values.put(name, node.isValueNode() ? node.asText() : node.toString());
    }
  }

  /**
   * Returns the vision towers of the folder, the most precise first; none of text models.
   *
   * @throws ModelException if the model looks at pictures and has none
   */
  List<String> visions() {
    if (!description.seesPictures()) {
      return List.of();
    }
    String stem = "onnx/vision_encoder";
    List<String> found =
        Stream.of("", "_fp16", "_int8")
            .map(suffix -> stem + suffix + ".onnx")
            .filter(description.files()::containsKey)
            .toList();
    if (found.isEmpty()) {
      file(stem + ".onnx"); // says that it is missing
    }
    return found;
  }

  /** Returns the bytes of a graph with its weights. */
  long weightBytes(String graph) {
    long bytes = 0;
    for (String name : List.of(graph, graph + "_data")) {
      if (description.files().containsKey(name)) {
        bytes += size(path.resolve(name));
      }
    }
    return bytes;
  }

  /** Returns the bytes of all files that llavamed.json lists. */
  long bytes() {
    return description.files().keySet().stream().mapToLong(name -> size(path.resolve(name))).sum();
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw ModelException.invalid(file, FileError.reading(file, e).found(), IMPORT, e);
    }
  }

  private static byte[] read(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw ModelException.invalid(file, "holds more than " + MOST_BYTES + " bytes", IMPORT);
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw ModelException.invalid(file, FileError.reading(file, e).found(), IMPORT, e);
    }
  }

  private static ModelDescription parse(Path file, byte[] bytes) {
    try {
      JsonNode json = JSON.readTree(bytes);
      int format = json.path("format").asInt(-1);
      if (format != ModelDescription.FORMAT) {
        throw ModelException.invalid(
            file,
            "format is %s, expected %d".formatted(json.path("format"), ModelDescription.FORMAT),
            "Import the checkpoint again with this version of llavamed, or update llavamed");
      }
      if (json instanceof ObjectNode object) {
        ModelDescription.ABSENT.forEach(
            (key, text) -> object.putIfAbsent(key, TextNode.valueOf(text)));
      }
      return JSON.treeToValue(json, ModelDescription.class);
    } catch (JsonProcessingException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String message =
          cause instanceof JsonProcessingException json
              ? json.getOriginalMessage()
              : String.valueOf(cause.getMessage());
      throw ModelException.invalid(file, message, IMPORT, e);
    } catch (IOException e) {
      throw ModelException.invalid(file, FileError.reading(file, e).found(), IMPORT, e);
    }
  }

  /** A graph could name a data file that no hash covers. */
  private static void rejectForeignGraphs(Path path, ModelDescription description) {
    Path graphs = path.resolve("onnx");
    List<String> names;
    try (Stream<Path> files = Files.list(graphs)) {
      names = files.map(file -> "onnx/" + file.getFileName()).sorted().toList();
    } catch (IOException e) {
      throw ModelException.invalid(graphs, FileError.reading(graphs, e).found(), IMPORT, e);
    }
    for (String name : names) {
      if (!description.files().containsKey(name)) {
        throw ModelException.invalid(
            path.resolve(name),
            "is not listed in " + DESCRIPTION,
            "Remove the file or import the checkpoint again");
      }
    }
  }

  private static void check(Path folder, String name, String expected, VerifiedFiles verified) {
    Path file = inside(folder, name);
    if (file == null) {
      throw ModelException.invalid(
          folder.resolve(DESCRIPTION), "lists '" + name + "' outside of its folder", IMPORT);
    }
    if (!Files.isRegularFile(file)) {
      throw ModelException.invalid(file, "is missing (" + DESCRIPTION + " lists it)", IMPORT);
    }
    String found = hash(name, file, verified);
    if (!found.equals(expected)) {
      throw ModelException.invalid(
          file,
          "is damaged: its sha256 is " + found + ", " + DESCRIPTION + " states " + expected,
          IMPORT);
    }
  }

  /** Returns null where the name leads out of the folder or is none that a file can have. */
  private static @Nullable Path inside(Path folder, String name) {
    try {
      Path file = folder.resolve(name).normalize();
      return file.startsWith(folder.normalize()) && !Path.of(name).isAbsolute() ? file : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private static String hash(String name, Path file, VerifiedFiles verified) {
    try {
      return verified.hash(name, file);
    } catch (IOException e) {
      throw ModelException.invalid(file, FileError.reading(file, e).found(), IMPORT, e);
    }
  }
}
