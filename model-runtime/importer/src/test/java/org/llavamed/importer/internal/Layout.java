package org.llavamed.importer.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.llavamed.inference.ImportRequest;
import org.llavamed.inference.Precisions;

/**
 * A small random checkpoint of src/test/resources/golden-layouts, and what transformers says to it.
 *
 * @param name of its folder
 */
record Layout(String name) {
  private static final Path FOLDER = Path.of("src/test/resources/golden-layouts");
  private static final int PICTURE = -200;

  /** Returns all of them. */
  static List<Layout> all() throws IOException {
    try (Stream<Path> folders = Files.list(FOLDER)) {
      return folders
          .filter(Files::isDirectory)
          .map(folder -> new Layout(folder.getFileName().toString()))
          .sorted((a, b) -> a.name.compareTo(b.name))
          .toList();
    }
  }

  /** Returns the request to import it. */
  ImportRequest request(Path out, Precisions precisions) {
    Path folder = FOLDER.resolve(name);
    return new ImportRequest(
        folder.resolve("checkpoint"),
        Optional.of(folder.resolve("base")).filter(Files::isDirectory),
        Optional.of(folder.resolve("tower")).filter(Files::isDirectory),
        out,
        Optional.empty(),
        precisions,
        true);
  }

  /** Copies the checkpoint, so that a test may change it. */
  Path copyInto(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (Stream<Path> files = Files.list(FOLDER.resolve(name).resolve("checkpoint"))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    return folder;
  }

  /** Returns whether the model looks at a picture. */
  boolean sees() {
    return expected().has("pixels");
  }

  /** Returns the picture, [3, side, side]. */
  float[] pixels() {
    return floats("pixels");
  }

  /** Returns what tower and projector make of the picture, [positions, hidden]. */
  float[] features() {
    return floats("features");
  }

  /** Returns the prompt's ids, {@code imageToken} where a feature of the picture stands. */
  List<Integer> prompt(int imageToken) {
    return integers("prompt_ids").stream().map(id -> id == PICTURE ? imageToken : id).toList();
  }

  /** Returns whether the checkpoint has a SentencePiece tokenizer. */
  boolean hasPieces() {
    return expected().has("before");
  }

  /** Returns the prompt's text without the start token. */
  String text() {
    JsonNode expected = expected();
    int positions = Collections.frequency(integers("prompt_ids"), PICTURE);
    return expected.path("before").asText()
        + expected.path("picture").asText().repeat(positions)
        + expected.path("after").asText();
  }

  /** Returns the greedy answer. */
  List<Integer> tokens() {
    return integers("tokens");
  }

  /** Returns the logits after the prompt and after each token of the answer. */
  List<float[]> logits() {
    float[] all = floats("logits");
    int vocabulary = expected().path("vocabulary").asInt();
    List<float[]> rows = new ArrayList<>();
    for (int from = 0; from < all.length; from += vocabulary) {
      float[] row = new float[vocabulary];
      System.arraycopy(all, from, row, 0, vocabulary);
      rows.add(row);
    }
    return rows;
  }

  /** Returns the file with what transformers says. */
  private JsonNode expected() {
    try {
      return new ObjectMapper().readTree(FOLDER.resolve(name).resolve("expected.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Integer> integers(String key) {
    List<Integer> integers = new ArrayList<>();
    expected().path(key).forEach(node -> integers.add(node.asInt()));
    return integers;
  }

  private float[] floats(String key) {
    byte[] bytes = Base64.getDecoder().decode(expected().path(key).asText());
    float[] floats = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }

  @Override
  public String toString() {
    return name;
  }
}
