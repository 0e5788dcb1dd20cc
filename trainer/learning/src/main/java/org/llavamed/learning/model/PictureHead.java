package org.llavamed.learning.model;

import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import org.llavamed.engine.DType;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Tensor;

/**
 * Tells pictures apart without the decoder, for towers that begin with fresh weights: each question
 * has classes, its answers, and each class a vector of the decoder's width. A picture is of the
 * class whose vector makes the smallest angle with the mean of what the projector gives for it,
 * each position brought to the same length. Takes no part in the model that is written.
 *
 * <p>Shapes: N pictures, G positions, H the decoder's width, R rows of a question, K its classes.
 */
public final class PictureHead {
  /** How the names of its parameters begin. */
  static final String NAME = "picture_head.";

  /** By which the cosines are multiplied, to logits. */
  private static final double SHARPNESS = 20;

  private static final double EPSILON = 1e-8;

  private final Engine engine;
  private final Tensor ones;
  private final List<Tensor> classes = new ArrayList<>();

  /**
   * Makes the vectors, from the engine's random numbers.
   *
   * @param sizes how many classes each question has
   * @param width H
   */
  PictureHead(Engine engine, Parameters parameters, List<Integer> sizes, long width) {
    this.engine = engine;
    this.ones = engine.full(DType.F32, 1, width);
    for (int i = 0; i < sizes.size(); i++) {
      Tensor vectors = engine.normal(1, sizes.get(i), width);
      parameters.add(NAME + i, vectors);
      classes.add(vectors);
    }
  }

  /**
   * What a question asks of some pictures of a batch.
   *
   * @param question its number, from 0
   * @param rows which pictures, [R]
   * @param answers their classes, [R]
   */
  public record Asked(int question, List<Integer> rows, List<Integer> answers) {}

  /** Returns the sum of the cross entropy, of what the projector gives, [N, G, H]. */
  Tensor loss(Tensor shown, List<Asked> asked) {
    Tensor pictures = length(length(shown).mean(1)); //               [N, H]
    Tensor sum = engine.zeros(DType.F32);
    for (Asked of : asked) {
      Tensor rows = pictures.select(0, longs(of.rows())); //           [R, H]
      Tensor vectors = length(classes.get(of.question())); //          [K, H]
      Tensor cosines = rows.linear(vectors).times(1.0 / ones.count()); // [R, K]
      sum = sum.plus(cosines.times(SHARPNESS).crossEntropySum(longs(of.answers()))); // []
    }
    return sum;
  }

  /** Brings the last dimension to the length sqrt(H). */
  private Tensor length(Tensor x) {
    return x.rmsNorm(ones, EPSILON);
  }

  private Tensor longs(List<Integer> numbers) {
    LongBuffer buffer = LongBuffer.allocate(numbers.size());
    numbers.forEach(buffer::put);
    return engine.longs(buffer.flip(), numbers.size());
  }
}
