package org.llavamed.engine;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Numbers in a row-major block of one shape, type and device, and the operations of a model on
 * them. Dimensions are counted from 0, from the end with -1. Every operation returns a new tensor
 * unless it says otherwise, and is recorded for {@link #backward()} where an input requires
 * gradients. Tensors belong to the thread that made them and live as {@link Scope} says.
 *
 * <p>Each operation throws an {@link EngineException} if the shapes or types do not fit, or the
 * memory does not suffice.
 */
public interface Tensor {
  /** Label of positions that no loss is taken of. */
  long IGNORED = -100;

  /** Returns the extents of all dimensions. */
  List<Long> shape();

  /** Returns the extent of one dimension. */
  long size(int dim);

  /** Returns the count of the numbers. */
  long count();

  /** Returns the type of the numbers. */
  DType type();

  /** Returns the device on which it lies. */
  Device device();

  // Arithmetic; shapes broadcast.

  /** Returns the sum. */
  Tensor plus(Tensor other);

  /** Returns the sum with a number. */
  Tensor plus(double number);

  /** Returns the difference. */
  Tensor minus(Tensor other);

  /** Returns the product, element by element. */
  Tensor times(Tensor other);

  /** Returns the product with a number. */
  Tensor times(double number);

  /** Returns the quotient, element by element. */
  Tensor over(Tensor other);

  /** Returns each number with the other sign. */
  Tensor negative();

  /** Returns the square of each number. */
  Tensor square();

  /** Returns the square root of each number. */
  Tensor sqrt();

  /** Returns the absolute value of each number. */
  Tensor abs();

  /** Returns e to the power of each number. */
  Tensor exp();

  /** Returns the natural logarithm of each number. */
  Tensor log();

  /** Returns the sine of each number, in radians. */
  Tensor sin();

  /** Returns the cosine of each number, in radians. */
  Tensor cos();

  /** Returns where numbers equal one, as truth values. */
  Tensor equalTo(long number);

  // Reductions

  /** Returns the sum of all numbers, of shape []. */
  Tensor sum();

  /** Returns the mean of all numbers, of shape []. */
  Tensor mean();

  /** Returns the mean over one dimension, which goes away. */
  Tensor mean(int dim);

  /** Returns the index of the largest number along a dimension, which goes away. */
  Tensor argmax(int dim);

  /** Returns the softmax along a dimension. */
  Tensor softmax(int dim);

  /** Returns the logarithm of the softmax along a dimension. */
  Tensor logSoftmax(int dim);

  // Shapes

  /** Returns the same numbers in another shape; one extent may be -1. */
  Tensor view(long... shape);

  /** Returns it with two dimensions exchanged. */
  Tensor transpose(int first, int second);

  /** Returns the indices {@code from} to before {@code to} of a dimension. */
  Tensor slice(int dim, long from, long to);

  /** Returns it repeated along dimensions of extent 1; -1 leaves an extent. */
  Tensor expand(long... shape);

  /** Returns the slices of a dimension that a list of indices names, in its order. */
  Tensor select(int dim, Tensor indices);

  // Layers

  /** Returns the matrix product over the last two dimensions. */
  Tensor matmul(Tensor other);

  /**
   * Returns x W' + b.
   *
   * @param weight shape [out, in]
   * @param bias shape [out]; absent for none
   */
  Tensor linear(Tensor weight, @Nullable Tensor bias);

  /** Returns x W' for a weight of shape [out, in]. */
  default Tensor linear(Tensor weight) {
    return linear(weight, null);
  }

  /**
   * Returns the rows of this table, [rows, width], that ids name.
   *
   * @param ids 64-bit whole numbers of any shape
   * @return shape [ids..., width]
   */
  Tensor embedding(Tensor ids);

  /**
   * Returns the convolution of pictures with kernels that lie within them.
   *
   * @param weight shape [out, channels, height, width] of the kernels
   * @param bias shape [out]; absent for none
   * @param stride pixels from one kernel's place to the next, both ways
   */
  Tensor conv2d(Tensor weight, @Nullable Tensor bias, int stride);

  /** Returns the layer normalisation over the last dimension. */
  Tensor layerNorm(Tensor weight, Tensor bias, double epsilon);

  /** Returns the root-mean-square normalisation over the last dimension. */
  Tensor rmsNorm(Tensor weight, double epsilon);

  /** Returns x sigmoid(x). */
  Tensor silu();

  /** Returns the exact GELU, x times the normal distribution's share below x. */
  Tensor gelu();

  /** Returns x sigmoid(1.702 x). */
  Tensor quickGelu();

  /** Returns the sigmoid. */
  Tensor sigmoid();

  /**
   * Returns softmax(q k' / sqrt(width)) v of these queries, [batch, heads, queries, width].
   *
   * @param keys shape [batch, key heads, keys, width]; key heads divides heads, each then serves
   *     several heads of queries that stand side by side
   * @param values shape [batch, key heads, keys, width]
   */
  Tensor attention(Tensor keys, Tensor values, Attention how);

  /**
   * Returns it with a share of the numbers set to zero, by the engine's random numbers, and the
   * others scaled up; itself where the share is 0.
   */
  Tensor dropout(double share);

  /**
   * Returns it with the places where a mask is true replaced by the numbers of a source, in order.
   *
   * @param mask truth values that broadcast to this shape
   * @param source as many numbers as places, or more
   */
  Tensor maskedScatter(Tensor mask, Tensor source);

  /** Returns it with the places where a mask is true replaced by a number. */
  Tensor maskedFill(Tensor mask, double number);

  /**
   * Returns the mean cross entropy of these logits, [count, classes], of the positions whose label
   * is not {@link #IGNORED}; NaN if there are none.
   *
   * @param labels 64-bit whole numbers, [count]
   */
  Tensor crossEntropy(Tensor labels);

  /** As {@link #crossEntropy}, the sum; 0 if there are no labels. */
  Tensor crossEntropySum(Tensor labels);

  // Gradients

  /** Returns whether gradients flow to or through it. */
  boolean requiresGradient();

  /**
   * Says whether it is a parameter that gets a gradient.
   *
   * @return itself
   */
  Tensor requireGradient(boolean required);

  /** Adds the gradients of this single number to all parameters that it depends on. */
  void backward();

  /** Adds the gradients of the sum of the numbers weighted by {@code gradient}, of this shape. */
  void backward(Tensor gradient);

  /** Returns the gradient; empty where none has been computed. */
  Optional<Tensor> gradient();

  /** Forgets the gradient. */
  void clearGradient();

  /** Returns the same numbers, from which no gradient flows back. */
  Tensor detach();

  // Numbers in and out

  /** Returns it in another type; itself where it has it. */
  Tensor to(DType type);

  /** Returns it on another device; itself where it lies there. */
  Tensor to(Device device);

  /** Returns a copy with memory of its own. */
  Tensor copy();

  /** Overwrites the numbers of this tensor with those of another of the same shape, any type. */
  void set(Tensor other);

  /** Returns whether no number is infinite or NaN. */
  boolean isFinite();

  /** Returns the number of a tensor that has one. */
  double item();

  /** Returns all numbers, row-major, as 32-bit floating point. */
  float[] floats();

  /** Returns all numbers, row-major, as 64-bit whole numbers. */
  long[] longs();

  /**
   * Copies bytes of the numbers, row-major and little-endian, until the target is full.
   *
   * @param offset first byte
   * @throws EngineException if there are fewer bytes
   */
  void read(long offset, ByteBuffer target);
}
