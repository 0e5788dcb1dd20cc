package org.llavamed.learning.model;

import java.nio.FloatBuffer;
import java.util.List;
import org.llavamed.engine.DType;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Tensor;

/**
 * The rotary position embedding of T positions for heads of width D: number i and number i + D / 2
 * of a head are a point that is turned by position x theta^(-2 i / D).
 */
final class Rotary {
  private final Engine engine;
  private final Tensor cos;
  private final Tensor sin;

  private Rotary(Engine engine, Tensor cos, Tensor sin) {
    this.engine = engine;
    this.cos = cos;
    this.sin = sin;
  }

  static Rotary of(Engine engine, long positions, int width, double theta) {
    FloatBuffer speeds = FloatBuffer.allocate(width / 2);
    for (int i = 0; i < width / 2; i++) {
      speeds.put(i, (float) Math.pow(theta, -2.0 * i / width));
    }
    Tensor speed = engine.floats(speeds, 1, width / 2); //                          [1, D / 2]
    Tensor place = engine.range(positions).to(DType.F32).view(positions, 1); //     [T, 1]
    Tensor half = place.times(speed); //                                            [T, D / 2]
    Tensor angles = engine.cat(1, List.of(half, half)); //                          [T, D]
    return new Rotary(engine, angles.cos(), angles.sin());
  }

  /** Returns the heads turned, [B, A, T, D]. */
  Tensor of(Tensor x) {
    long d = x.size(-1);
    Tensor left = x.slice(-1, 0, d / 2); //                                [B, A, T, D / 2]
    Tensor right = x.slice(-1, d / 2, d); //                               [B, A, T, D / 2]
    Tensor turned = engine.cat(-1, List.of(right.negative(), left)); //    [B, A, T, D]
    return x.times(cos).plus(turned.times(sin)); //                        [B, A, T, D]
  }
}
