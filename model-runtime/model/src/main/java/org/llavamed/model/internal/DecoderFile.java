package org.llavamed.model.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One of the graphs of the language model that a folder has.
 *
 * @param variant its precision
 * @param name the file's path in the folder
 * @param memory that its weights take, in bytes
 */
record DecoderFile(DecoderVariant variant, String name, long memory) {
  static final String STEM = "onnx/decoder_model_merged";
  private static final List<DecoderVariant> PRECISE_FIRST =
      List.of(DecoderVariant.FP32, DecoderVariant.FP16, DecoderVariant.INT8, DecoderVariant.INT4);

  /**
   * Returns the graphs of a folder, the most precise first.
   *
   * @param cuda whether they run on a CUDA device
   * @throws org.llavamed.inference.ModelException if there is none
   */
  static List<DecoderFile> of(ModelFolder folder, boolean cuda) {
    List<DecoderFile> found = new ArrayList<>();
    for (DecoderVariant variant : PRECISE_FIRST) {
      String name = STEM + suffix(variant) + ".onnx";
      if (folder.description().files().containsKey(name)) {
        found.add(new DecoderFile(variant, name, MemoryNeed.ofWeights(folder, name, cuda)));
      }
    }
    if (found.isEmpty()) {
      folder.file(STEM + ".onnx"); // says that it is missing
    }
    return List.copyOf(found);
  }

  /** Returns the graph of a precision. */
  static Optional<DecoderFile> find(List<DecoderFile> files, DecoderVariant variant) {
    return files.stream().filter(file -> file.variant() == variant).findFirst();
  }

  private static String suffix(DecoderVariant variant) {
    return switch (variant) {
      case FP16 -> "_fp16";
      case INT8 -> "_int8";
      case INT4 -> "_q4";
      default -> "";
    };
  }

  /** Returns the bytes of one number of the key-value cache. */
  int cacheNumberBytes() {
    return variant == DecoderVariant.FP16 ? Short.BYTES : Float.BYTES;
  }
}
