package org.llavamed.model.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Which of the graph files of a model folder are run: the one place where that is decided. */
final class GraphFiles {
  private static final String DECODER = "decoder_model_merged";
  private static final String INT8 = "_int8";
  private static final String INT4 = "_q4";

  private final ModelFolder folder;

  /**
   * The files of the language model.
   *
   * @param prefill the graph that reads prompts
   * @param step the graph that reads an answer's tokens; the same where there is only one
   */
  record Decoders(Path prefill, Path step) {}

  GraphFiles(ModelFolder folder) {
    this.folder = folder;
  }

  /** Returns the vision tower's graph. */
  Path vision() {
    return graph("vision_encoder");
  }

  /**
   * Returns the language model's graphs: where there is an 8-bit and a 4-bit one, the first is
   * faster on many positions and the second on one.
   */
  Decoders decoders() {
    if (lists(DECODER + INT8) && lists(DECODER + INT4)) {
      return new Decoders(path(DECODER + INT8), path(DECODER + INT4));
    }
    Path only = graph(DECODER);
    return new Decoders(only, only);
  }

  /** Returns the graph of a name: in the model's precision, else the most precise there is. */
  private Path graph(String name) {
    return Stream.concat(
            Stream.of(suffix(folder.description().precision())),
            List.of("", "_fp16", INT8, INT4).stream())
        .map(suffix -> name + suffix)
        .filter(this::lists)
        .map(this::path)
        .findFirst()
        .orElseGet(() -> folder.file("onnx/" + name + ".onnx"));
  }

  private static String suffix(String precision) {
    return switch (precision) {
      case "fp32" -> "";
      case "int4" -> INT4;
      default -> "_" + precision;
    };
  }

  private boolean lists(String name) {
    return folder.description().files().containsKey("onnx/" + name + ".onnx");
  }

  private Path path(String name) {
    return folder.file("onnx/" + name + ".onnx");
  }
}
