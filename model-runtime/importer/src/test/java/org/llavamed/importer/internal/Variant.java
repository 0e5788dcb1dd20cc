package org.llavamed.importer.internal;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A small random checkpoint in src/test/resources/variant, and what transformers says to it. */
final class Variant {
  private static final Path FOLDER = Path.of("src/test/resources/variant");
  private static final ObjectMapper JSON = new ObjectMapper();

  private Variant() {}

  /** Copies the checkpoint, so that a test may change it. */
  static Path copyInto(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    return folder;
  }

  /** Changes a JSON file of a copy. */
  static void edit(Path file, Consumer<ObjectNode> change) throws IOException {
    ObjectNode node = (ObjectNode) JSON.readTree(file.toFile());
    change.accept(node);
    JSON.writeValue(file.toFile(), node);
  }

  /** Returns the picture, [3, 32, 32]. */
  static float[] pixels() throws IOException {
    return JSON.convertValue(expected().get("pixels"), float[].class);
  }

  static List<Integer> prompt() throws IOException {
    return List.of(JSON.convertValue(expected().get("prompt_ids"), Integer[].class));
  }

  static List<Integer> tokens() throws IOException {
    return List.of(JSON.convertValue(expected().get("tokens"), Integer[].class));
  }

  static List<Float> firstLogits() throws IOException {
    return List.of(JSON.convertValue(expected().get("first_logits"), Float[].class));
  }

  private static ObjectNode expected() throws IOException {
    return (ObjectNode) JSON.readTree(FOLDER.resolve("expected.json").toFile());
  }
}
