package org.llavamed.importer.internal;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.llavamed.checkpoint.Half;
import org.llavamed.inference.ModelException;

/** How one number is stored. */
interface Form {
  DataType type();

  /** Returns the bytes that a number takes. */
  int bytes();

  /**
   * Stores a number.
   *
   * @param index its place in {@code block}, counted in numbers
   * @param output row of the matrix that it comes from
   */
  void put(ByteBuffer block, int index, int output, float value);

  /** Returns {@code size} numbers stored, ready to be flipped. */
  default ByteBuffer block(float[] numbers, int size) {
    ByteBuffer block = ByteBuffer.allocate(bytes() * size).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < size; i++) {
      put(block, i, 0, numbers[i]);
    }
    return block.position(block.capacity());
  }

  /**
   * Returns a form of floating-point numbers.
   *
   * @param type FLOAT or FLOAT16
   * @param where names the numbers in an error
   */
  static Form of(DataType type, String where) {
    return type == DataType.FLOAT ? new Single() : new Halves(where);
  }

  /** Single precision. */
  record Single() implements Form {
    @Override
    public DataType type() {
      return DataType.FLOAT;
    }

    @Override
    public int bytes() {
      return 4;
    }

    @Override
    public void put(ByteBuffer block, int index, int output, float value) {
      block.putFloat(4 * index, value);
    }
  }

  /**
   * Half precision.
   *
   * @param where names the numbers in an error
   */
  record Halves(String where) implements Form {
    @Override
    public DataType type() {
      return DataType.FLOAT16;
    }

    @Override
    public int bytes() {
      return 2;
    }

    @Override
    public void put(ByteBuffer block, int index, int output, float value) {
      if (Math.abs(value) > Half.MOST) {
        throw ModelException.invalid(
            where,
            "it holds %s, float16 ends at %s".formatted(value, Half.MOST),
            "Import this checkpoint in fp32, int8 or int4");
      }
      block.putShort(2 * index, Half.of(value));
    }
  }
}
