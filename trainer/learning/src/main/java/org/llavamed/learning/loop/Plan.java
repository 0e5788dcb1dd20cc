package org.llavamed.learning.loop;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.llavamed.data.BatchPlan;
import org.llavamed.data.BatchPlan.Take;
import org.llavamed.data.TrainingData;
import org.llavamed.learning.loop.CheckpointState.Position;
import org.llavamed.learning.recipe.Recipe;

/**
 * Which samples each step of a run reads. A step reads as many batches as the recipe accumulates;
 * the last step of an epoch reads those that are left. Not safe for use by several threads.
 */
final class Plan {
  private final TrainingData data;
  private final BatchPlan.Shape shape;
  private final int accumulation;
  private final long seed;
  private long epoch = -1;
  private @Nullable BatchPlan batches;

  Plan(TrainingData data, Recipe recipe, int processes) {
    this.data = data;
    this.shape = new BatchPlan.Shape(recipe.batch().size(), processes);
    this.accumulation = recipe.batch().accumulation();
    this.seed = recipe.seed();
  }

  /**
   * What a step reads.
   *
   * @param from where it begins
   * @param next where the next one begins
   * @param batches of all processes, each the parts of the processes in their order
   * @param epoch how often all data have been read after it, with its fraction
   */
  record Step(Position from, Position next, List<List<List<Take>>> batches, double epoch) {
    /** Returns the batches of a process. */
    List<List<Take>> of(int process) {
      return batches.stream().map(parts -> parts.get(process)).toList();
    }
  }

  /** Returns the steps in which all data are read once. */
  long stepsPerEpoch() {
    return (of(0).size() + accumulation - 1L) / accumulation;
  }

  /** Returns how many samples are read in an epoch; one that is taken twice counts twice. */
  long samplesPerEpoch() {
    BatchPlan plan = of(0);
    return IntStream.range(0, plan.size()).mapToLong(batch -> plan.batch(batch).size()).sum();
  }

  /** Returns the steps of a whole run. */
  long steps(Recipe.Optimiser optimiser) {
    Integer steps = optimiser.steps();
    return steps == null
        ? Math.max(1, (long) Math.ceil(optimiser.epochs() * stepsPerEpoch()))
        : steps;
  }

  Step step(Position from) {
    BatchPlan plan = of(from.epoch());
    int to = Math.min(plan.size(), from.batch() + accumulation);
    Position next =
        to < plan.size()
            ? new Position(from.step() + 1, from.epoch(), to)
            : new Position(from.step() + 1, from.epoch() + 1, 0);
    List<List<List<Take>>> parts =
        IntStream.range(from.batch(), to).mapToObj(batch -> parts(plan, batch)).toList();
    return new Step(from, next, parts, from.epoch() + (double) to / plan.size());
  }

  private List<List<Take>> parts(BatchPlan plan, int batch) {
    return IntStream.range(0, shape.processes())
        .mapToObj(process -> plan.takes(batch, process))
        .toList();
  }

  private BatchPlan of(long wanted) {
    BatchPlan current = batches;
    if (current == null || wanted != epoch) {
      current = data.plan(shape, seed, wanted);
      batches = current;
      epoch = wanted;
    }
    return current;
  }
}
