package org.llavamed.learning.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.llavamed.checkpoint.Json;
import org.llavamed.checkpoint.Safetensors;
import org.llavamed.checkpoint.StoredTensor;
import org.llavamed.engine.DType;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Tensor;
import org.llavamed.files.FileError;
import org.llavamed.learning.TrainingException;

/**
 * Tensors in a safetensors file, copied in pieces: neither the heap nor the device holds a tensor
 * twice.
 */
public final class TensorFile {
  /** Numbers that are copied at a time. */
  private static final int PIECE = 1 << 22;

  private TensorFile() {}

  /**
   * Writes tensors in their own types. The file is there once it is whole.
   *
   * @throws TrainingException if it cannot be written
   */
  public static void write(Engine engine, Path file, Map<String, Tensor> tensors) {
    write(engine, file, tensors, Optional.empty());
  }

  /**
   * Writes tensors. The file is there once it is whole.
   *
   * @param type that all are written in; absent for their own
   * @throws TrainingException if it cannot be written, or a number is not finite in another type
   */
  static void write(Engine engine, Path file, Map<String, Tensor> tensors, Optional<DType> type) {
    Path half = file.resolveSibling(file.getFileName() + ".half");
    try {
      write(engine, half, file, tensors, type);
    } catch (IOException e) {
      FileError error = FileError.writing(file, e);
      throw TrainingException.invalid(file, error.found(), error.advice(), e);
    }
  }

  private static void write(
      Engine engine, Path half, Path file, Map<String, Tensor> tensors, Optional<DType> type)
      throws IOException {
    try {
      try (FileChannel channel =
          FileChannel.open(
              half,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        writeFully(channel, header(tensors, type));
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
          Tensor tensor = entry.getValue();
          String where = "%s, tensor %s".formatted(file, entry.getKey());
          write(engine, channel, where, tensor, type.orElse(tensor.type()));
        }
      }
      Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(half);
    }
  }

  private static ByteBuffer header(Map<String, Tensor> tensors, Optional<DType> type) {
    ObjectNode header = Json.object();
    header.putObject("__metadata__").put("format", "pt");
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      DType stored = type.orElse(tensor.type());
      ObjectNode described = header.putObject(entry.getKey()).put("dtype", stored.name());
      ArrayNode shape = described.putArray("shape");
      tensor.shape().forEach(shape::add);
      long end = offset + tensor.count() * stored.bytes();
      described.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    int padded = (text.length + 7) / 8 * 8; // the numbers begin at a multiple of 8
    ByteBuffer bytes = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(padded).put(text);
    while (bytes.hasRemaining()) {
      bytes.put((byte) ' ');
    }
    return bytes.flip();
  }

  private static void write(
      Engine engine, FileChannel channel, String where, Tensor tensor, DType type)
      throws IOException {
    Tensor flat = tensor.detach().view(-1);
    int most = (int) Math.min(PIECE, tensor.count());
    ByteBuffer piece = ByteBuffer.allocateDirect(most * type.bytes());
    for (long from = 0; from < tensor.count(); from += most) {
      long start = from;
      long end = Math.min(tensor.count(), from + most);
      piece.clear().limit((int) (end - start) * type.bytes());
      engine.inScope(
          () -> {
            Tensor stored = flat.slice(0, start, end).to(type);
            if (type != tensor.type() && !stored.isFinite()) {
              throw TrainingException.invalid(
                  where,
                  "it has numbers that %s does not hold".formatted(type),
                  "Write F32 or BF16");
            }
            stored.read(0, piece);
            return true;
          });
      writeFully(channel, piece.flip());
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /**
   * Reads all tensors in their own types.
   *
   * @throws org.llavamed.inference.ModelException if the file is damaged
   * @throws TrainingException if it cannot be read, or has a type that is not known
   */
  public static Map<String, Tensor> read(Engine engine, Path file) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, StoredTensor> stored = Safetensors.read(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (StoredTensor one : stored.values()) {
        tensors.put(one.name(), read(engine, channel, one));
      }
    } catch (IOException e) {
      FileError error = FileError.reading(file, e);
      throw TrainingException.invalid(file, error.found(), error.advice(), e);
    }
    return tensors;
  }

  private static Tensor read(Engine engine, FileChannel channel, StoredTensor stored)
      throws IOException {
    DType type = type(stored);
    long[] shape = stored.shape().stream().mapToLong(Long::longValue).toArray();
    Tensor whole = engine.zeros(type, shape);
    Tensor flat = whole.view(-1);
    for (long from = 0; from < flat.count(); from += PIECE) {
      long start = from;
      int count = (int) Math.min(PIECE, flat.count() - from);
      ByteBuffer piece =
          channel.map(
              MapMode.READ_ONLY,
              stored.offset() + from * type.bytes(),
              (long) count * type.bytes());
      engine.inScope(
          () -> {
            flat.slice(0, start, start + count).set(engine.tensor(type, piece, count));
            return true;
          });
    }
    return whole;
  }

  private static DType type(StoredTensor stored) {
    for (DType type : DType.values()) {
      if (type.name().equals(stored.dtype()) && stored.length() == count(stored) * type.bytes()) {
        return type;
      }
    }
    throw TrainingException.invalid(
        stored.where(),
        "its type %s of shape %s in %d bytes is not read"
            .formatted(stored.dtype(), stored.shape(), stored.length()),
        "Write it as one of F32, F16, BF16, I64, U8, BOOL");
  }

  private static long count(StoredTensor stored) {
    return stored.shape().stream().reduce(1L, Math::multiplyExact);
  }
}
