package org.llavamed.checkpoint;

import java.nio.ByteBuffer;
import org.llavamed.inference.ModelException;

/** Floating-point formats of safetensors that weights are read from, all little endian. */
public enum Dtype {
  /** IEEE 754 single precision. */
  F32(4) {
    @Override
    public void read(ByteBuffer bytes, int from, float[] into, int at, int count) {
      for (int i = 0; i < count; i++) {
        into[at + i] = bytes.getFloat((from + i) * 4);
      }
    }
  },
  /** IEEE 754 half precision: 1 sign bit, 5 of exponent, 10 of fraction. */
  F16(2) {
    @Override
    public void read(ByteBuffer bytes, int from, float[] into, int at, int count) {
      for (int i = 0; i < count; i++) {
        into[at + i] = Half.toFloat(bytes.getShort((from + i) * 2));
      }
    }
  },
  /** The upper half of a single precision number. */
  BF16(2) {
    @Override
    public void read(ByteBuffer bytes, int from, float[] into, int at, int count) {
      for (int i = 0; i < count; i++) {
        into[at + i] = Float.intBitsToFloat(bytes.getShort((from + i) * 2) << 16);
      }
    }
  };

  private final int bytes;

  Dtype(int bytes) {
    this.bytes = bytes;
  }

  /** Returns the size of one number in bytes. */
  public int bytes() {
    return bytes;
  }

  /**
   * Reads numbers.
   *
   * @param from first number, counted in numbers from the buffer's start
   * @param at where the first one goes
   */
  public abstract void read(ByteBuffer bytes, int from, float[] into, int at, int count);

  /**
   * Returns a tensor's format.
   *
   * @throws ModelException if it is none of these
   */
  public static Dtype of(StoredTensor tensor) {
    return switch (tensor.dtype()) {
      case "F32" -> F32;
      case "F16" -> F16;
      case "BF16" -> BF16;
      default ->
          throw ModelException.invalid(
              tensor.where(),
              "its type is " + tensor.dtype() + ", expected F32, F16 or BF16",
              "Use a checkpoint that is not quantised");
    };
  }
}
