package org.llavamed.engine;

/** The type of a tensor's numbers. The names are those of safetensors files. */
public enum DType {
  /** 32-bit floating point. */
  F32(4),
  /** 16-bit floating point with 5 bits of exponent. */
  F16(2),
  /** 16-bit floating point with the 8 bits of exponent of 32-bit numbers. */
  BF16(2),
  /** 64-bit whole numbers. */
  I64(8),
  /** Unsigned bytes. */
  U8(1),
  /** Truth values, a byte each: 0 or 1. */
  BOOL(1);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** Returns the bytes of one number. */
  public int bytes() {
    return bytes;
  }
}
