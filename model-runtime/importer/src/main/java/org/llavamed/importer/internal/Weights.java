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

/**
 * The external data file of one graph: tensors one after the other, each beginning at a multiple of
 * 4096 bytes, so that it can be memory-mapped; all numbers little endian.
 *
 * <p>Matrices of linear layers are stored transposed, [in, out], as MatMul wants its right side.
 */
final class Weights implements AutoCloseable {
  private static final int ALIGNMENT = 4096;
  private static final int BLOCK_NUMBERS = 1 << 20;

  /** Side of the squares in which matrices are turned, so that both sides stay in the cache. */
  private static final int TILE = 64;

  private final FileChannel channel;
  private final String location;
  private final Work work;
  private long end;

  Weights(Path file, Work work) throws IOException {
    this.location = String.valueOf(file.getFileName());
    this.work = work;
    this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** Stores a tensor as float32 in its own layout. */
  TensorProto copy(String name, StoredTensor tensor, long... dims) throws IOException {
    work.begin(tensor);
    Numbers source = new Numbers(tensor);
    long offset = align();
    for (long from = 0; from < source.count(); from += BLOCK_NUMBERS) {
      int size = (int) Math.min(BLOCK_NUMBERS, source.count() - from);
      ByteBuffer block = block(4L * size);
      for (int i = 0; i < size; i++) {
        block.putFloat(source.at(from + i));
      }
      append(block);
    }
    work.done(tensor);
    return external(name, DataType.FLOAT, offset, dims);
  }

  /** Stores a matrix [out, in] as float32 [in, out]. */
  TensorProto transposed(String name, StoredTensor matrix) throws IOException {
    work.begin(matrix);
    Matrix source = new Matrix(matrix);
    long offset = align();
    int step = Math.max(1, BLOCK_NUMBERS / source.out());
    for (int from = 0; from < source.in(); from += step) {
      int to = Math.min(source.in(), from + step);
      ByteBuffer block = block(4L * source.out() * (to - from));
      int first = from;
      tiles(
          source.out(),
          from,
          to,
          (o, i) -> block.putFloat(4 * ((i - first) * source.out() + o), source.at(o, i)));
      append(block.position(block.capacity()));
    }
    work.done(matrix);
    return external(name, DataType.FLOAT, offset, source.in(), source.out());
  }

  /**
   * Stores a matrix [out, in] as whole numbers [in, out].
   *
   * @param scales of each output, by {@link Matrix#scales}
   */
  TensorProto quantised(String name, StoredTensor matrix, float[] scales) throws IOException {
    work.begin(matrix);
    Matrix source = new Matrix(matrix);
    long offset = align();
    int step = Math.max(1, BLOCK_NUMBERS / source.out());
    for (int from = 0; from < source.in(); from += step) {
      int to = Math.min(source.in(), from + step);
      ByteBuffer block = block((long) source.out() * (to - from));
      int first = from;
      tiles(
          source.out(),
          from,
          to,
          (o, i) ->
              block.put(
                  (i - first) * source.out() + o, (byte) Math.rint(source.at(o, i) / scales[o])));
      append(block.position(block.capacity()));
    }
    work.done(matrix);
    return external(name, DataType.INT8, offset, source.in(), source.out());
  }

  /** Stores numbers made here. */
  TensorProto floats(String name, float[] numbers, long... dims) throws IOException {
    ByteBuffer block = block(4L * numbers.length);
    for (float number : numbers) {
      block.putFloat(number);
    }
    long offset = align();
    append(block);
    return external(name, DataType.FLOAT, offset, dims);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Visits outputs 0 to {@code outs} and inputs {@code from} to {@code to}, tile by tile. */
  private static void tiles(int outs, int from, int to, Cell cell) {
    for (int tileO = 0; tileO < outs; tileO += TILE) {
      for (int tileI = from; tileI < to; tileI += TILE) {
        for (int o = tileO; o < Math.min(outs, tileO + TILE); o++) {
          for (int i = tileI; i < Math.min(to, tileI + TILE); i++) {
            cell.visit(o, i);
          }
        }
      }
    }
  }

  /** One weight of a matrix. */
  @FunctionalInterface
  private interface Cell {
    void visit(int o, int i);
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
