package org.llavamed.learning.model;

import org.llavamed.engine.DType;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Tensor;

/**
 * Fresh numbers, from the engine's random numbers: matrices, tables and the class token from the
 * normal distribution of deviation 0.02; the matrices whose products are added to the residual
 * stream from one of 0.02 / sqrt(2 x layers), so that the stream does not grow with the depth;
 * scales 1, biases 0.
 */
final class RandomWeights implements Weights {
  private static final double DEVIATION = 0.02;

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
      case RESIDUAL -> engine.normal(DEVIATION / Math.sqrt(2.0 * layers), shape);
      case SCALE -> engine.full(DType.F32, 1, shape);
      case BIAS -> engine.zeros(DType.F32, shape);
    };
  }

  @Override
  public boolean has(String name) {
    return true;
  }
}
