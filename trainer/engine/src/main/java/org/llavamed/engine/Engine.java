package org.llavamed.engine;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * A tensor library on one device. An engine is used by one thread at a time; random numbers, thread
 * counts and the modes of {@link #noGrad} and {@link #autocast} hold for the process or the thread,
 * so a process has one engine.
 */
public interface Engine {
  /** Returns the library and its version, for reports. */
  String version();

  /** Returns the device on which new tensors lie. */
  Device device();

  // Tensors, all on this engine's device

  /**
   * Makes a tensor from bytes, which are copied.
   *
   * @param bytes row-major, little-endian, as many as the shape needs; best a direct or a mapped
   *     buffer
   */
  Tensor tensor(DType type, ByteBuffer bytes, long... shape);

  /** Makes a tensor of 32-bit floating point numbers. */
  Tensor floats(FloatBuffer values, long... shape);

  /** Makes a tensor of 64-bit whole numbers. */
  Tensor longs(LongBuffer values, long... shape);

  /** Makes a tensor of one number everywhere. */
  Tensor full(DType type, double number, long... shape);

  /** Makes a tensor of zeros. */
  default Tensor zeros(DType type, long... shape) {
    return full(type, 0, shape);
  }

  /** Makes the 64-bit whole numbers 0 to before {@code end}. */
  Tensor range(long end);

  /** Draws 32-bit numbers of the normal distribution around 0 from this engine's random numbers. */
  Tensor normal(double deviation, long... shape);

  /** Draws 32-bit numbers that are uniform from 0 to below 1 from this engine's random numbers. */
  Tensor uniform(long... shape);

  /** Joins tensors along a dimension. */
  Tensor cat(int dim, List<Tensor> tensors);

  // Modes

  /** Opens a scope; the one who opens it closes it. */
  Scope scope();

  /** Runs work in a scope of its own and returns its result, which outlives it. */
  default Tensor scoped(Supplier<Tensor> work) {
    try (Scope scope = scope()) {
      return scope.keep(work.get());
    }
  }

  /** Runs work in a scope of its own; its result is no tensor. */
  default <T> T inScope(Supplier<T> work) {
    Scope scope = scope();
    try {
      return work.get();
    } finally {
      scope.close();
    }
  }

  /** Runs work whose operations are not recorded for gradients. */
  <T> T noGrad(Supplier<T> work);

  /**
   * Runs work in which matrix products take and give {@link DType#BF16}, while parameters keep
   * their type. Gradients are taken outside.
   */
  <T> T autocast(Supplier<T> work);

  /** Returns whether the device is made for bf16, so that {@link #autocast} is worth it. */
  boolean hasBf16();

  // Gradients

  /** Returns the euclidean norm of all gradients as one vector; parameters without one count 0. */
  double gradientNorm(Collection<Tensor> parameters);

  /**
   * Scales all gradients down so that their norm is at most {@code most}. Where the norm is NaN or
   * infinite they stay as they are, and are not to be used.
   *
   * @return the norm before
   */
  double clipGradients(Collection<Tensor> parameters, double most);

  /** Makes an optimiser. */
  AdamW adamW(List<AdamW.Group> groups, AdamW.Settings settings);

  // Random numbers

  /** Starts the random numbers of all devices anew. */
  void seed(long seed);

  /** Returns all that the next random numbers depend on. */
  byte[] randomState();

  /**
   * Sets what the next random numbers depend on.
   *
   * @throws EngineException if it is no state that {@link #randomState} of this kind of engine gave
   */
  void randomState(byte[] state);

  // The process

  /** Sets the threads that compute on the CPU, including those of the matrix products. */
  void threads(int threads);

  /** Returns the threads that compute on the CPU. */
  int threads();

  /** Returns the memory that this process occupies, native memory included, in bytes. */
  long residentBytes();

  /**
   * Joins a group of processes, and waits until all have.
   *
   * @throws EngineException if the port is taken or an address is not known
   * @throws LostPeerException if one does not come in time
   */
  ProcessGroup join(Rendezvous rendezvous);
}
