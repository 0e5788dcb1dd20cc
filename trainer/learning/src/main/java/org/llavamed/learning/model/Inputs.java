package org.llavamed.learning.model;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Optional;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Tensor;
import org.llavamed.learning.TrainingException;

/**
 * A batch as the model reads it. Rows that are shorter than others are filled up behind their end
 * with any token but that of the pictures, and {@link Tensor#IGNORED} as label: what stands behind
 * a position does not change its loss.
 *
 * @param ids tokens, [B, T]
 * @param places positions whose next token is learned, counted through all rows, [M]
 * @param next these tokens, [M]
 * @param pictures where the batch shows some
 */
public record Inputs(Tensor ids, Tensor places, Tensor next, Optional<Pictures> pictures) {
  /**
   * Pictures, in the order in which they stand in the rows.
   *
   * @param values pixels, [N, 3, S, S], or what the tower made of them, [N, G, V]
   */
  public record Pictures(Tensor values) {
    /** Returns whether these are pixels. */
    boolean arePixels() {
      return values.shape().size() == 4;
    }
  }

  /**
   * Makes a batch without pictures.
   *
   * @param rows B
   * @param ids tokens, B rows of T
   * @param labels B rows of T: the token itself where it is learned, else {@link Tensor#IGNORED}
   * @throws TrainingException if the counts of ids and labels differ or are no multiple of the rows
   */
  public static Inputs of(Engine engine, int rows, LongBuffer ids, LongBuffer labels) {
    int count = ids.remaining();
    if (rows < 1 || count == 0 || count % rows != 0 || labels.remaining() != count) {
      throw TrainingException.invalid(
          "batch",
          "%d ids and %d labels in %d rows".formatted(count, labels.remaining(), rows),
          "Give as many labels as ids, in rows of one length");
    }
    int length = count / rows;
    LongBuffer places = LongBuffer.allocate(count);
    LongBuffer next = LongBuffer.allocate(count);
    for (int i = 0; i < count; i++) {
      long label = labels.get(labels.position() + i);
      if (label != Tensor.IGNORED && i % length != 0) { // nothing stands before a row's first token
        places.put(i - 1);
        next.put(label);
      }
    }
    int learned = places.flip().remaining();
    return new Inputs(
        engine.longs(ids, rows, length),
        engine.longs(places, learned),
        engine.longs(next.flip(), learned),
        Optional.empty());
  }

  /**
   * Returns the same with pictures.
   *
   * @param pixels N pictures: channels R, G, B, rows, columns, in standard deviations from the
   *     tower's means
   * @param side S, height and width
   */
  public Inputs withPixels(Engine engine, FloatBuffer pixels, int side) {
    int pictures = pixels.remaining() / Math.multiplyExact(3, Math.multiplyExact(side, side));
    return with(engine.floats(pixels, pictures, 3, side, side));
  }

  /**
   * Returns the same with what {@link Llava#features} made of pictures.
   *
   * @param features shape [N, G, V]
   */
  public Inputs withFeatures(Tensor features) {
    return with(features);
  }

  private Inputs with(Tensor values) {
    return new Inputs(ids, places, next, Optional.of(new Pictures(values)));
  }

  /** Returns how many tokens are learned. */
  public long learned() {
    return next.count();
  }
}
