package org.llavamed.learning.model;

import java.util.stream.LongStream;
import org.llavamed.engine.DType;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Tensor;

/**
 * Fresh numbers, from the engine's random numbers: matrices, tables and the class token from the
 * normal distribution of deviation 0.02; the matrices whose products are added to the residual
 * stream from one of 0.02 / sqrt(2 x layers), so that the stream does not grow with the depth;
 * scales 1, biases 0.
 *
 * <p>What a tower reads of a patch of normalised pixels begins with a deviation of about 0.5, at
 * any size of the patches, and its positions with 0.3, so that neither drowns the other: with
 * positions of 0.02 a small tower learned to tell no pictures apart.
 */
final class RandomWeights implements Weights {
  private static final double DEVIATION = 0.02;
  private static final double PIXELS = 0.5;
  private static final double POSITION = 0.3;

  private final Engine engine;
  private final int layers;

  /**
   * Takes an engine, whose seed is set by the caller.
   *
   * @param layers of the deeper one of tower and decoder
   */
  RandomWeights(Engine engine, int layers) {
    this.engine = engine;
    this.layers = layers;
  }

  @Override
  public Tensor get(String name, Kind kind, long... shape) {
    return switch (kind) {
      case MATRIX -> engine.normal(DEVIATION, shape);
      case PATCHES -> engine.normal(PIXELS / Math.sqrt(inputs(shape)), shape);
      case POSITIONS -> engine.normal(POSITION, shape);
      case RESIDUAL -> engine.normal(DEVIATION / Math.sqrt(2.0 * layers), shape);
      case SCALE -> engine.full(DType.F32, 1, shape);
      case BIAS -> engine.zeros(DType.F32, shape);
    };
  }

  /** Returns how many numbers each output of a matrix is made of. */
  private static double inputs(long... shape) {
    return LongStream.of(shape).skip(1).reduce(1, Math::multiplyExact);
  }

  @Override
  public boolean has(String name) {
    return true;
  }
}
