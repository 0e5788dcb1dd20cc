package org.llavamed.learning.model;

import java.util.ArrayList;
import java.util.List;
import org.llavamed.checkpoint.TensorNames;
import org.llavamed.checkpoint.TextConfig;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Tensor;
import org.llavamed.learning.model.Weights.Kind;

/** The language model. Shapes: B rows of T positions, H width, W words. */
final class Decoder {
  private final Engine engine;
  private final TextConfig config;
  private final Tensor table;
  private final List<DecoderBlock> blocks = new ArrayList<>();
  private final RootNorm norm;
  private final Tensor words;
  private final Dropout dropout;

  Decoder(Engine engine, Parameters.Builder build, TextConfig config, Dropout dropout) {
    this.engine = engine;
    this.config = config;
    this.dropout = dropout;
    long w = config.vocabulary();
    long h = config.hidden();
    this.table = build.add(TensorNames.EMBEDDINGS, Kind.MATRIX, w, h);
    for (int i = 0; i < config.layers(); i++) {
      blocks.add(new DecoderBlock(build, TensorNames.TEXT + "model.layers." + i, config, dropout));
    }
    this.norm = RootNorm.of(build, TensorNames.TEXT + "model.norm", h, config.epsilon());
    this.words = config.tied() ? table : build.add(TensorNames.OUTPUT, Kind.MATRIX, w, h);
  }

  /**
   * Returns what the first block reads, [B, T, H].
   *
   * @param ids shape [B, T]
   * @param pictures features in the order of the picture's positions, [N, G, H]
   */
  Tensor embed(Tensor ids, Tensor pictures, long pictureToken) {
    Tensor x = table.embedding(ids); //                                         [B, T, H]
    Tensor mask = ids.equalTo(pictureToken).view(ids.size(0), ids.size(1), 1); // [B, T, 1]
    return dropout.of(
        x.maskedScatter(mask, pictures.to(x.type()))); //                      [B, T, H]
  }

  /** As {@link #embed(Tensor, Tensor, long)}, without pictures. */
  Tensor embed(Tensor ids) {
    return dropout.of(table.embedding(ids)); //                                 [B, T, H]
  }

  List<DecoderBlock> blocks() {
    return blocks;
  }

  Rotary rotary(long positions) {
    return Rotary.of(engine, positions, config.headSize(), config.ropeTheta());
  }

  /** Returns logits, [..., W], of what the last block gave, [..., H]. */
  Tensor logits(Tensor x) {
    return norm.of(x).linear(words); //                                         [..., W]
  }
}
