package org.llavamed.learning.model;

import java.util.ArrayList;
import java.util.List;
import org.llavamed.checkpoint.TensorNames;
import org.llavamed.checkpoint.VisionConfig;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Tensor;
import org.llavamed.learning.model.Weights.Kind;

/**
 * The CLIP tower, up to the layer whose output is taken. Layers behind it, which take no part, are
 * kept as idle parameters, so that a checkpoint that had them is written with them.
 *
 * <p>Shapes: N pictures of S x S pixels in patches of P x P, G = (S / P)^2 patches, V width.
 */
final class Tower {
  private final Engine engine;
  private final VisionConfig config;
  private final Tensor classToken;
  private final Tensor patches;
  private final Tensor positions;
  private final Norm norm;
  private final List<TowerBlock> blocks = new ArrayList<>();
  private final Dropout dropout;

  Tower(Engine engine, Parameters.Builder build, VisionConfig config, Dropout dropout) {
    this.engine = engine;
    this.config = config;
    this.dropout = dropout;
    String name = TensorNames.VISION;
    long v = config.hidden();
    long p = config.patch();
    this.classToken = build.add(name + "embeddings.class_embedding", Kind.MATRIX, v);
    this.patches = build.add(name + "embeddings.patch_embedding.weight", Kind.PATCHES, v, 3, p, p);
    this.positions =
        build.add(
            name + "embeddings.position_embedding.weight",
            Kind.POSITIONS,
            config.patches() + 1L,
            v);
    this.norm = Norm.of(build, name + "pre_layrnorm", v, config.epsilon());
    for (int i = 0; i < config.layersRun(); i++) {
      blocks.add(new TowerBlock(build, layer(i), config, dropout));
    }
    addIdle(build.idle());
  }

  private static String layer(int index) {
    return TensorNames.VISION + "encoder.layers." + index;
  }

  private void addIdle(Parameters.Builder idle) {
    for (int i = config.layersRun(); i < config.layers(); i++) {
      if (idle.has(layer(i) + ".mlp.fc1.weight")) {
        new TowerBlock(idle, layer(i), config, dropout);
      }
    }
    String last = TensorNames.VISION + "post_layernorm";
    if (idle.has(last + ".weight")) {
      Norm.of(idle, last, config.hidden(), config.epsilon());
    }
  }

  /** Returns the positions before the first block, [N, 1 + G, V], of pixels [N, 3, S, S]. */
  Tensor embed(Tensor pixels) {
    long n = pixels.size(0);
    long v = config.hidden();
    Tensor grid = pixels.conv2d(patches, null, config.patch()); //  [N, V, S / P, S / P]
    Tensor row = grid.view(n, v, -1).transpose(1, 2); //            [N, G, V]
    Tensor first = classToken.view(1, 1, v).expand(n, 1, v); //     [N, 1, V]
    Tensor all = engine.cat(1, List.of(first, row)); //             [N, 1 + G, V]
    return dropout.of(norm.of(all.plus(positions))); //             [N, 1 + G, V]
  }

  List<TowerBlock> blocks() {
    return blocks;
  }

  /** Returns what the projector reads, [N, G, V], of what the last block gave. */
  Tensor features(Tensor x) {
    return config.keepsClass() ? x : x.slice(1, 1, x.size(1)); //   [N, G, V]
  }
}
