package org.llavamed.learning.model;

import java.util.ArrayList;
import java.util.List;
import org.llavamed.checkpoint.LlavaConfig;
import org.llavamed.checkpoint.TensorNames;
import org.llavamed.engine.Tensor;
import org.llavamed.learning.model.Weights.Kind;

/** Linear layers from the tower's width V to the decoder's H, with the exact GELU between them. */
final class Projector {
  private final List<Linear> layers = new ArrayList<>();

  Projector(Parameters.Builder build, LlavaConfig config) {
    long out = config.text().hidden();
    for (int i = 1; i <= config.projectorLayers(); i++) {
      long in = i == 1 ? config.vision().hidden() : out;
      String name = TensorNames.PROJECTOR + "linear_" + i;
      layers.add(
          config.projectorBias()
              ? Linear.biased(build, name, Kind.MATRIX, out, in)
              : Linear.plain(build, name, Kind.MATRIX, out, in));
    }
  }

  /** Returns [N, G, H] of [N, G, V]. */
  Tensor of(Tensor features) {
    Tensor x = layers.get(0).of(features); //             [N, G, H]
    for (Linear layer : layers.subList(1, layers.size())) {
      x = layer.of(x.gelu()); //                          [N, G, H]
    }
    return x;
  }
}
