package org.llavamed.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
 * @param base what is added to it, from its first number on: as many numbers or fewer
 */
public record StoredTensor(
    String name,
    Path file,
    String dtype,
    List<Long> shape,
    long offset,
    long length,
    Optional<StoredTensor> base) {
  public StoredTensor {
    shape = List.copyOf(shape);
  }

  /** Returns this tensor as a delta that is added to {@code base}. */
  public StoredTensor plus(StoredTensor base) {
    return new StoredTensor(name, file, dtype, shape, offset, length, Optional.of(base));
  }

  /** Returns this matrix with rows of zeros behind its own, so that it has {@code rows}. */
  public StoredTensor withRows(long rows) {
    List<Long> longer = new ArrayList<>(shape);
    longer.set(0, rows);
    return new StoredTensor(name, file, dtype, longer, offset, length, base);
  }

  /** Returns file and name, as messages begin with. */
  public String where() {
    return file + ", tensor " + name;
  }
}
