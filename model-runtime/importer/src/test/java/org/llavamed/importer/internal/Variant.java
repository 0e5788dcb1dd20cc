package org.llavamed.importer.internal;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Copies of a small random checkpoint that a test may change. */
final class Variant {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Variant() {}

  /** Copies the checkpoint that differs from tiny-llava in all that config.json lets differ. */
  static Path copyInto(Path folder) throws IOException {
    return new Layout("llava-new-mistral").copyInto(folder);
  }

  /** Changes a JSON file of a copy. */
  static void edit(Path file, Consumer<ObjectNode> change) throws IOException {
    ObjectNode node = (ObjectNode) JSON.readTree(file.toFile());
    change.accept(node);
    JSON.writeValue(file.toFile(), node);
  }
}
