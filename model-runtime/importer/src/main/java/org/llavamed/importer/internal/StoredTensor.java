package org.llavamed.importer.internal;

import java.nio.file.Path;
import java.util.List;

/**
 * Where a tensor lies in a safetensors file; its offsets lie inside the file and agree with its
 * shape.
 *
 * @param name as the file has it
 * @param file the file that holds it
 * @param dtype as the file has it: {@code F32}, {@code F16}, {@code BF16} or a type that is not
 *     read here
 * @param shape extent of every dimension, outermost first
 * @param offset of its first byte in the file
 * @param length in bytes
 */
record StoredTensor(
    String name, Path file, String dtype, List<Long> shape, long offset, long length) {
  StoredTensor {
    shape = List.copyOf(shape);
  }

  /** Returns file and name, as messages begin with. */
  String where() {
    return file + ", tensor " + name;
  }
}
