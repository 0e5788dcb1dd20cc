package org.llavamed.learning.model;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llavamed.engine.Tensor;

/** A linear layer, with a low-rank adapter where one was put to it. */
final class Linear {
  private final String name;
  private final Tensor weight;
  private final @Nullable Tensor bias;
  private @Nullable Adapter adapter;

  private Linear(String name, Tensor weight, @Nullable Tensor bias) {
    this.name = name;
    this.weight = weight;
    this.bias = bias;
  }

  /** A layer without bias. */
  static Linear plain(Parameters.Builder build, String name, Weights.Kind kind, long out, long in) {
    return new Linear(name, build.add(name + ".weight", kind, out, in), null);
  }

  /** A layer with bias. */
  static Linear biased(
      Parameters.Builder build, String name, Weights.Kind kind, long out, long in) {
    Tensor weight = build.add(name + ".weight", kind, out, in);
    return new Linear(name, weight, build.add(name + ".bias", Weights.Kind.BIAS, out));
  }

  /** Returns the name without {@code .weight}. */
  String name() {
    return name;
  }

  Tensor weight() {
    return weight;
  }

  Optional<Adapter> adapter() {
    return Optional.ofNullable(adapter);
  }

  void adapter(@Nullable Adapter now) {
    adapter = now;
  }

  Tensor of(Tensor x) {
    Tensor y = x.linear(weight, bias); // [..., out]
    return adapter == null ? y : y.plus(adapter.of(x));
  }
}
