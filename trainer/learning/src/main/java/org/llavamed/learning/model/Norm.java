package org.llavamed.learning.model;

import org.llavamed.engine.Tensor;

/**
 * A layer normalisation.
 *
 * @param weight scale of each number
 * @param bias what is added to each
 * @param epsilon added to the variance
 */
record Norm(Tensor weight, Tensor bias, double epsilon) {
  static Norm of(Parameters.Builder build, String name, long width, double epsilon) {
    return new Norm(
        build.add(name + ".weight", Weights.Kind.SCALE, width),
        build.add(name + ".bias", Weights.Kind.BIAS, width),
        epsilon);
  }

  Tensor of(Tensor x) {
    return x.layerNorm(weight, bias, epsilon);
  }
}
