package org.llavamed.importer.internal;

import java.nio.ByteBuffer;
import org.llavamed.inference.ModelException;

/** Floating-point formats of safetensors that weights are read from, all little endian. */
enum Dtype {
  /** IEEE 754 single precision. */
  F32(4) {
    @Override
    float at(ByteBuffer bytes, int index) {
      return bytes.getFloat(index * 4);
    }
  },
  /** IEEE 754 half precision: 1 sign bit, 5 of exponent, 10 of fraction. */
  F16(2) {
    @Override
    float at(ByteBuffer bytes, int index) {
      return halfToFloat(bytes.getShort(index * 2));
    }
  },
  /** The upper half of a single precision number. */
  BF16(2) {
    @Override
    float at(ByteBuffer bytes, int index) {
      return Float.intBitsToFloat(bytes.getShort(index * 2) << 16);
    }
  };

  private final int bytes;

  Dtype(int bytes) {
    this.bytes = bytes;
  }

  /** Returns the size of one number in bytes. */
  int bytes() {
    return bytes;
  }

  /** Returns the number at {@code index}, counted in numbers from the buffer's start. */
  abstract float at(ByteBuffer bytes, int index);

  /**
   * Returns a tensor's format.
   *
   * @throws ModelException if it is none of these
   */
  static Dtype of(StoredTensor tensor) {
    return switch (tensor.dtype()) {
      case "F32" -> F32;
      case "F16" -> F16;
      case "BF16" -> BF16;
      default ->
          throw ModelException.invalid(
              tensor.where(),
              "its type is " + tensor.dtype() + ", expected F32, F16 or BF16",
              "Import a checkpoint that is not quantised");
    };
  }

  private static float halfToFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = half >> 10 & 0x1f;
    int fraction = half & 0x3ff;
    if (exponent == 0) {
      float magnitude = fraction * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    int wide = exponent == 31 ? 0xff : exponent + 112;
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }
}
