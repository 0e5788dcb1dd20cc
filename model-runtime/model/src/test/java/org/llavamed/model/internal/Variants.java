package org.llavamed.model.internal;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Copies of the embedded model whose graphs lie there under several names. */
final class Variants {
  static final String DECODER = "onnx/decoder_model_merged";
  static final String VISION = "onnx/vision_encoder";

  private Variants() {}

  /**
   * Makes a model folder.
   *
   * @param decoders suffixes of the decoders' names, with weights of their own each
   * @param visions suffixes of the towers' names
   */
  static ModelFolder make(Path folder, List<String> decoders, List<String> visions)
      throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode description =
        (ObjectNode) json.readTree(TinyVqa.FOLDER.resolve("llavamed.json").toFile());
    ObjectNode files = (ObjectNode) description.path("files");
    Files.createDirectories(folder.resolve("onnx"));
    for (String name : List.copyOf(names(files))) {
      if (!name.startsWith(DECODER) && !name.startsWith(VISION)) {
        Files.copy(TinyVqa.FOLDER.resolve(name), folder.resolve(name));
      }
    }
    copies(folder, files, DECODER, decoders);
    copies(folder, files, VISION, visions);
    json.writeValue(folder.resolve("llavamed.json").toFile(), description);
    return ModelFolder.open(folder);
  }

  private static List<String> names(ObjectNode files) {
    List<String> names = new java.util.ArrayList<>();
    files.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** The graphs name their weights, so that these lie there under the first name always. */
  private static void copies(Path folder, ObjectNode files, String stem, List<String> suffixes)
      throws IOException {
    String graph = files.path(stem + ".onnx").asText();
    String weights = files.path(stem + ".onnx_data").asText();
    Files.copy(TinyVqa.FOLDER.resolve(stem + ".onnx_data"), folder.resolve(stem + ".onnx_data"));
    files.remove(stem + ".onnx");
    for (String suffix : suffixes) {
      String name = stem + suffix + ".onnx";
      Files.copy(TinyVqa.FOLDER.resolve(stem + ".onnx"), folder.resolve(name));
      files.put(name, graph);
      if (!suffix.isEmpty()) {
        Files.copy(TinyVqa.FOLDER.resolve(stem + ".onnx_data"), folder.resolve(name + "_data"));
        files.put(name + "_data", weights);
      }
    }
  }
}
