package org.llavamed.importer.internal;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.llavamed.checkpoint.Numbers;
import org.llavamed.checkpoint.StoredTensor;

/**
 * The external data file of one graph: tensors one after the other, each beginning at a multiple of
 * 4096 bytes, so that it can be memory-mapped; all numbers little endian.
 *
 * <p>Matrices are converted by all processors, in pieces of some megabytes; which thread converts
 * what does not show in the bytes.
 */
final class Weights implements AutoCloseable {
  private static final int ALIGNMENT = 4096;

  /** Bytes that are converted before they are written. */
  private static final int PIECE = 1 << 25;

  /** Rows that one thread converts at a time. */
  private static final int ROWS = 64;

  private final FileChannel channel;
  private final String location;
  private final Work work;
  private final MessageDigest digest = sha256();
  private long end;

  Weights(Path file, Work work) throws IOException {
    this.location = String.valueOf(file.getFileName());
    this.work = work;
    this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** Returns what counts the work and stops it. */
  Work work() {
    return work;
  }

  /** Stores a tensor in its own layout, as float32 or float16. */
  TensorProto copy(String name, StoredTensor tensor, DataType type, long... dims)
      throws IOException {
    work.begin(tensor);
    Numbers source = new Numbers(tensor);
    Form form = Form.of(type, tensor.where());
    float[] numbers = new float[(int) Math.min(PIECE / 4, source.count())];
    long offset = align();
    for (long from = 0; from < source.count(); from += numbers.length) {
      int size = (int) Math.min(numbers.length, source.count() - from);
      source.read(from, numbers, 0, size);
      append(form.block(numbers, size));
    }
    work.done(List.of(tensor));
    return external(name, type, offset, dims);
  }

  /** Stores numbers made here, as float32 or float16. */
  TensorProto floats(String name, DataType type, float[] numbers, long... dims) throws IOException {
    long offset = align();
    append(Form.of(type, name).block(numbers, numbers.length));
    return external(name, type, offset, dims);
  }

  /** Stores a matrix [out, in] as [in, out], which MatMul wants its right side to be. */
  TensorProto transposed(String name, Matrix matrix, Form form) throws IOException {
    work.begin(matrix.tensors().get(0));
    long offset = align();
    int columns = Math.max(1, PIECE / form.bytes() / matrix.out());
    for (int from = 0; from < matrix.in(); from += columns) {
      int first = from;
      int width = Math.min(columns, matrix.in() - from);
      ByteBuffer block = block((long) form.bytes() * matrix.out() * width);
      groups(matrix.out(), (low, high) -> turn(matrix, form, first, low, high, block));
      append(block.position(block.capacity()));
    }
    work.done(matrix.tensors());
    return external(name, form.type(), offset, matrix.in(), matrix.out());
  }

  /** Writes columns of the rows {@code low} to {@code high} where they belong in {@code block}. */
  private static void turn(
      Matrix matrix, Form form, int first, int low, int high, ByteBuffer block) {
    int out = matrix.out();
    int width = block.capacity() / form.bytes() / out;
    float[][] tile = new float[high - low][width];
    for (int row = low; row < high; row++) {
      matrix.read(row, first, tile[row - low], width);
    }
    for (int i = 0; i < width; i++) {
      for (int row = low; row < high; row++) {
        form.put(block, i * out + row, row, tile[row - low][i]);
      }
    }
  }

  /** Stores a matrix row by row, each in {@code rowBytes} bytes. */
  TensorProto rows(String name, Matrix matrix, int rowBytes, RowForm form, long... dims)
      throws IOException {
    work.begin(matrix.tensors().get(0));
    long offset = align();
    int step = Math.max(ROWS, PIECE / 8 / rowBytes);
    for (int from = 0; from < matrix.out(); from += step) {
      int first = from;
      int size = Math.min(step, matrix.out() - from);
      ByteBuffer block = block((long) rowBytes * size);
      groups(
          size,
          (low, high) -> {
            float[] weights = new float[matrix.in()];
            for (int row = low; row < high; row++) {
              matrix.read(first + row, 0, weights, weights.length);
              form.put(first + row, weights, block.slice(row * rowBytes, rowBytes));
            }
          });
      append(block.position(block.capacity()));
    }
    work.done(matrix.tensors());
    return external(name, DataType.UINT8, offset, dims);
  }

  /**
   * Returns the SHA-256 of all that was written, in hexadecimal digits; called once, at the end.
   */
  String hash() {
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Turns one row into bytes. */
  @FunctionalInterface
  interface RowForm {
    /** Fills {@code bytes}; called by several threads at a time, with different rows. */
    void put(int row, float[] weights, ByteBuffer bytes);
  }

  /** Some rows, {@code low} to {@code high} without the latter. */
  @FunctionalInterface
  interface Group {
    void run(int low, int high);
  }

  /** Has groups of rows worked on by all processors. */
  static void groups(int rows, Group group) {
    IntStream.range(0, (rows + ROWS - 1) / ROWS)
        .parallel()
        .forEach(i -> group.run(i * ROWS, Math.min(rows, (i + 1) * ROWS)));
  }

  private static ByteBuffer block(long bytes) {
    return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private long align() throws IOException {
    long padding = Math.floorMod(-end, (long) ALIGNMENT);
    append(ByteBuffer.allocate((int) padding).position((int) padding));
    return end;
  }

  private void append(ByteBuffer block) throws IOException {
    work.check();
    block.flip();
    digest.update(block.duplicate());
    while (block.hasRemaining()) {
      end += channel.write(block);
    }
  }

  private TensorProto external(String name, DataType type, long offset, long... dims) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type.getNumber())
            .setDataLocation(DataLocation.EXTERNAL)
            .addExternalData(entry("location", location))
            .addExternalData(entry("offset", Long.toString(offset)))
            .addExternalData(entry("length", Long.toString(end - offset)));
    for (long dim : dims) {
      tensor.addDims(dim);
    }
    return tensor.build();
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }
}
