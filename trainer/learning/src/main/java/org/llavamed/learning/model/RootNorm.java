package org.llavamed.learning.model;

import org.llavamed.engine.Tensor;

/**
 * A root-mean-square normalisation.
 *
 * @param weight scale of each number
 * @param epsilon added to the mean square
 */
record RootNorm(Tensor weight, double epsilon) {
  static RootNorm of(Parameters.Builder build, String name, long width, double epsilon) {
    return new RootNorm(build.add(name + ".weight", Weights.Kind.SCALE, width), epsilon);
  }

  Tensor of(Tensor x) {
    return x.rmsNorm(weight, epsilon);
  }
}
