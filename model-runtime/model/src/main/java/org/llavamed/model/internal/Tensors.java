package org.llavamed.model.internal;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import org.llavamed.inference.ModelException;

/** Memory that ONNX Runtime reads and writes in place. */
final class Tensors {
  private static final long WORTH_COLLECTING = 64L << 20;

  private Tensors() {}

  /**
   * Returns room for numbers outside of the Java heap, all 0.
   *
   * @throws ModelException if there is no such room
   */
  static FloatBuffer floats(long count) {
    return bytes(Math.multiplyExact(count, Float.BYTES)).asFloatBuffer();
  }

  /** Returns room for numbers outside of the Java heap, all 0. */
  static LongBuffer longs(long count) {
    return bytes(Math.multiplyExact(count, Long.BYTES)).asLongBuffer();
  }

  /**
   * Asks for a collection where many bytes of buffers have become free: they lie outside of the
   * heap, which is nearly empty, so that nothing else would ask for one for a long time.
   */
  static void dropped(long bytes) {
    if (bytes >= WORTH_COLLECTING) {
      System.gc();
    }
  }

  /** Returns a tensor over the first numbers of a buffer; the buffer must outlive it. */
  static OnnxTensor over(FloatBuffer buffer, long... shape) throws OrtException {
    return OnnxTensor.createTensor(Onnx.environment(), buffer.slice(0, count(shape)), shape);
  }

  /** Returns a tensor over the first numbers of a buffer; the buffer must outlive it. */
  static OnnxTensor over(LongBuffer buffer, long... shape) throws OrtException {
    return OnnxTensor.createTensor(Onnx.environment(), buffer.slice(0, count(shape)), shape);
  }

  /**
   * Returns a tensor over the first numbers of a buffer; the buffer must outlive it.
   *
   * @param type of the numbers
   */
  static OnnxTensor over(ByteBuffer buffer, OnnxJavaType type, long... shape) throws OrtException {
    ByteBuffer numbers =
        buffer.slice(0, Math.multiplyExact(count(shape), type.size)).order(ByteOrder.nativeOrder());
    return OnnxTensor.createTensor(Onnx.environment(), numbers, shape, type);
  }

  private static int count(long[] shape) {
    long count = 1;
    for (long length : shape) {
      count = Math.multiplyExact(count, length);
    }
    return Math.toIntExact(count);
  }

  /**
   * Returns room for bytes outside of the Java heap, all 0.
   *
   * @throws ModelException if there is no such room
   */
  static ByteBuffer bytes(long count) {
    try {
      return ByteBuffer.allocateDirect(Math.toIntExact(count)).order(ByteOrder.nativeOrder());
    } catch (ArithmeticException | OutOfMemoryError e) {
      throw ModelException.invalid(
          "model",
          "one of its buffers needs %d bytes outside of the Java heap, which are not there"
              .formatted(count),
          "Set mostPositions lower in conf/org.llavamed.model.cfg, or start Java with a larger"
              + " -XX:MaxDirectMemorySize",
          e);
    }
  }
}
