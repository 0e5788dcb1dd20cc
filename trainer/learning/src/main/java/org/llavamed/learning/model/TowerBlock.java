package org.llavamed.learning.model;

import org.llavamed.checkpoint.VisionConfig;
import org.llavamed.engine.Attention;
import org.llavamed.engine.Tensor;
import org.llavamed.learning.model.Weights.Kind;

/** A layer of the tower. Shapes: N pictures, L positions, V width, A heads of D, F inner width. */
final class TowerBlock {
  private final int heads;
  private final boolean quick;
  private final Norm attentionNorm;
  private final Linear queries;
  private final Linear keys;
  private final Linear values;
  private final Linear output;
  private final Norm perceptronNorm;
  private final Linear widen;
  private final Linear narrow;
  private final Dropout dropout;

  TowerBlock(Parameters.Builder build, String name, VisionConfig config, Dropout dropout) {
    long v = config.hidden();
    long f = config.intermediate();
    this.heads = config.heads();
    this.quick = config.quickGelu();
    this.attentionNorm = Norm.of(build, name + ".layer_norm1", v, config.epsilon());
    this.queries = Linear.biased(build, name + ".self_attn.q_proj", Kind.MATRIX, v, v);
    this.keys = Linear.biased(build, name + ".self_attn.k_proj", Kind.MATRIX, v, v);
    this.values = Linear.biased(build, name + ".self_attn.v_proj", Kind.MATRIX, v, v);
    this.output = Linear.biased(build, name + ".self_attn.out_proj", Kind.RESIDUAL, v, v);
    this.perceptronNorm = Norm.of(build, name + ".layer_norm2", v, config.epsilon());
    this.widen = Linear.biased(build, name + ".mlp.fc1", Kind.MATRIX, f, v);
    this.narrow = Linear.biased(build, name + ".mlp.fc2", Kind.RESIDUAL, v, f);
    this.dropout = dropout;
  }

  /** Returns [N, L, V] of [N, L, V]. */
  Tensor of(Tensor x) {
    Tensor normed = attentionNorm.of(x); //                             [N, L, V]
    Tensor q = Heads.split(queries.of(normed), heads); //               [N, A, L, D]
    Tensor k = Heads.split(keys.of(normed), heads); //                  [N, A, L, D]
    Tensor v = Heads.split(values.of(normed), heads); //                [N, A, L, D]
    Tensor seen = q.attention(k, v, dropout.of(Attention.FULL)); //     [N, A, L, D]
    Tensor mixed = output.of(Heads.join(seen)); //                      [N, L, V]
    Tensor y = x.plus(dropout.of(mixed)); //                            [N, L, V]
    Tensor wide = widen.of(perceptronNorm.of(y)); //                    [N, L, F]
    Tensor bent = quick ? wide.quickGelu() : wide.gelu(); //            [N, L, F]
    return y.plus(dropout.of(narrow.of(bent))); //                      [N, L, V]
  }
}
