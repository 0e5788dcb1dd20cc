package org.llavamed.learning.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Tensor;

/**
 * Runs blocks one after the other and keeps their inputs only: for the gradients each block is run
 * again, from the last to the first. Costs a third more time and needs the memory of one block.
 */
final class Recompute {
  private final Engine engine;
  private final List<UnaryOperator<Tensor>> blocks;
  private final List<Tensor> inputs = new ArrayList<>();
  private final List<byte[]> randomStates = new ArrayList<>();

  Recompute(Engine engine, List<UnaryOperator<Tensor>> blocks) {
    this.engine = engine;
    this.blocks = blocks;
  }

  /** Returns what the last block gives, as a tensor whose gradient {@link #backward} takes. */
  Tensor forward(Tensor start) {
    Tensor x = start;
    for (UnaryOperator<Tensor> block : blocks) {
      Tensor input = x;
      inputs.add(input);
      randomStates.add(engine.randomState());
      x = engine.scoped(() -> engine.noGrad(() -> block.apply(input)));
    }
    return x.detach().requireGradient(true);
  }

  /**
   * Adds the gradients of the blocks' parameters.
   *
   * @param gradient of what {@link #forward} gave
   * @return the gradient of the start
   */
  Tensor backward(Tensor gradient) {
    byte[] after = engine.randomState();
    Tensor g = gradient;
    for (int i = blocks.size() - 1; i >= 0; i--) {
      int index = i;
      Tensor above = g;
      g = engine.scoped(() -> backward(index, above));
    }
    engine.randomState(after);
    return g;
  }

  private Tensor backward(int index, Tensor gradient) {
    engine.randomState(randomStates.get(index));
    Tensor input = inputs.get(index).detach().requireGradient(true);
    blocks.get(index).apply(input).backward(gradient);
    return input.gradient().orElseThrow();
  }
}
