package org.llavamed.learning.model;

import java.util.List;
import org.llavamed.checkpoint.TextConfig;
import org.llavamed.engine.Attention;
import org.llavamed.engine.Tensor;
import org.llavamed.learning.model.Weights.Kind;

/**
 * A layer of the decoder. Shapes: B rows of T positions, H width, A heads and K heads of keys of D
 * each, F inner width.
 */
final class DecoderBlock {
  private final int heads;
  private final int kvHeads;
  private final RootNorm attentionNorm;
  private final Linear queries;
  private final Linear keys;
  private final Linear values;
  private final Linear output;
  private final RootNorm perceptronNorm;
  private final Linear gate;
  private final Linear widen;
  private final Linear narrow;
  private final Dropout dropout;

  DecoderBlock(Parameters.Builder build, String name, TextConfig config, Dropout dropout) {
    long h = config.hidden();
    long f = config.intermediate();
    long q = (long) config.heads() * config.headSize();
    long k = (long) config.kvHeads() * config.headSize();
    this.heads = config.heads();
    this.kvHeads = config.kvHeads();
    this.attentionNorm = RootNorm.of(build, name + ".input_layernorm", h, config.epsilon());
    this.queries = Linear.plain(build, name + ".self_attn.q_proj", Kind.MATRIX, q, h);
    this.keys = Linear.plain(build, name + ".self_attn.k_proj", Kind.MATRIX, k, h);
    this.values = Linear.plain(build, name + ".self_attn.v_proj", Kind.MATRIX, k, h);
    this.output = Linear.plain(build, name + ".self_attn.o_proj", Kind.RESIDUAL, h, q);
    this.perceptronNorm =
        RootNorm.of(build, name + ".post_attention_layernorm", h, config.epsilon());
    this.gate = Linear.plain(build, name + ".mlp.gate_proj", Kind.MATRIX, f, h);
    this.widen = Linear.plain(build, name + ".mlp.up_proj", Kind.MATRIX, f, h);
    this.narrow = Linear.plain(build, name + ".mlp.down_proj", Kind.RESIDUAL, h, f);
    this.dropout = dropout;
  }

  /** Returns [B, T, H] of [B, T, H]. */
  Tensor of(Tensor x, Rotary rotary) {
    Tensor normed = attentionNorm.of(x); //                                [B, T, H]
    Tensor q = rotary.of(Heads.split(queries.of(normed), heads)); //       [B, A, T, D]
    Tensor k = rotary.of(Heads.split(keys.of(normed), kvHeads)); //        [B, K, T, D]
    Tensor v = Heads.split(values.of(normed), kvHeads); //                 [B, K, T, D]
    Tensor seen = q.attention(k, v, dropout.of(Attention.CAUSAL)); //      [B, A, T, D]
    Tensor mixed = output.of(Heads.join(seen)); //                         [B, T, H]
    Tensor y = x.plus(dropout.of(mixed)); //                               [B, T, H]
    Tensor inner = perceptronNorm.of(y); //                                [B, T, H]
    Tensor wide = gate.of(inner).silu().times(widen.of(inner)); //         [B, T, F]
    return y.plus(dropout.of(narrow.of(wide))); //                         [B, T, H]
  }

  /** Returns the layers that adapters may be put to. */
  List<Linear> linears() {
    return List.of(queries, keys, values, output, gate, widen, narrow);
  }
}
