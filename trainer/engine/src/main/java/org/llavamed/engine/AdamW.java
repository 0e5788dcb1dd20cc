package org.llavamed.engine;

import java.util.List;
import java.util.Map;

/**
 * The AdamW optimiser: decoupled weight decay, moments in 32-bit floating point. Parameters without
 * a gradient stay as they are, without decay.
 */
public interface AdamW {
  /**
   * A parameter and the name under which its state is kept.
   *
   * @param name unique within the optimiser
   * @param tensor 32-bit floating point, requires gradients
   */
  record Parameter(String name, Tensor tensor) {}

  /**
   * Parameters with a common learning rate and decay.
   *
   * @param parameters in the order in which they are updated
   * @param learningRate from 0
   * @param weightDecay from 0
   */
  record Group(List<Parameter> parameters, double learningRate, double weightDecay) {
    /** Copies the list. */
    public Group {
      parameters = List.copyOf(parameters);
    }
  }

  /**
   * What all groups share.
   *
   * @param beta1 decay of the first moment, from 0 to below 1
   * @param beta2 decay of the second moment, from 0 to below 1
   * @param epsilon added to the root of the second moment
   */
  record Settings(double beta1, double beta2, double epsilon) {
    /** The usual values. */
    public static final Settings DEFAULT = new Settings(0.9, 0.999, 1e-8);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public Settings {
      if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1)) {
        throw new IllegalArgumentException(
            "betas are %s and %s, expected 0 to below 1".formatted(beta1, beta2));
      }
      if (!(epsilon > 0)) {
        throw new IllegalArgumentException("epsilon is " + epsilon + ", expected more than 0");
      }
    }
  }

  /** Sets the learning rate of a group, by its place in the list. */
  void learningRate(int group, double rate);

  /** Changes all parameters by their gradients. */
  void step();

  /** Forgets the gradients of all parameters. */
  void clearGradients();

  /**
   * Returns the state by names: {@code NAME.exp_avg}, {@code NAME.exp_avg_sq} and {@code NAME.step}
   * of each parameter that has been updated. The tensors are those that the next step changes.
   */
  Map<String, Tensor> state();

  /**
   * Replaces the state; the next step is then bit for bit that of the optimiser it was taken from.
   *
   * @throws EngineException if a name, a shape or a count of steps does not fit; the state is then
   *     what it was
   */
  void state(Map<String, Tensor> state);
}
