package org.llavamed.learning.loop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.llavamed.data.BatchPlan.Take;
import org.llavamed.engine.Engine;
import org.llavamed.engine.LostPeerException;
import org.llavamed.engine.ProcessGroup;
import org.llavamed.learning.TrainingException;
import org.llavamed.learning.loop.CheckpointState.Best;
import org.llavamed.learning.loop.CheckpointState.Position;
import org.llavamed.learning.loop.CheckpointState.Setting;
import org.llavamed.learning.loop.Learner.Counts;
import org.llavamed.learning.loop.Learner.Result;
import org.llavamed.learning.recipe.Recipe;
import org.llavamed.learning.run.RunEvent;

/** The steps of a run. */
final class Run {
  private static final int MOST_IDS = 32;

  private final Recipe recipe;
  private final Engine engine;
  private final ProcessGroup group;
  private final Learner learner;
  private final BatchReader samples;
  private final @Nullable Validation validation;
  private final Checkpoints checkpoints;
  private final Setting setting;
  private final Reports reports;
  private final BooleanSupplier asked;
  private final long steps;
  private final Schedule schedule;
  private Position position;
  private @Nullable Best best;
  private long saved = -1;
  private double seconds;

  /**
   * Where a run stands between two steps.
   *
   * @param engine computes
   * @param group processes that train together
   * @param checkpoints of the run
   * @param setting what the run was started with
   * @param reports receives what is told
   * @param asked whether the run is asked to end
   */
  record Surroundings(
      Engine engine,
      ProcessGroup group,
      Checkpoints checkpoints,
      Setting setting,
      Reports reports,
      BooleanSupplier asked) {}

  Run(
      Recipe recipe,
      Surroundings around,
      Learner learner,
      BatchReader samples,
      @Nullable Validation validation,
      long steps) {
    this.recipe = recipe;
    this.engine = around.engine();
    this.group = around.group();
    this.learner = learner;
    this.samples = samples;
    this.validation = validation;
    this.checkpoints = around.checkpoints();
    this.setting = around.setting();
    this.reports = around.reports();
    this.asked = around.asked();
    this.steps = steps;
    this.schedule = Schedule.of(steps, recipe.optimiser().warmup());
    this.position = Position.BEGIN;
  }

  /**
   * Goes on from a checkpoint.
   *
   * @throws TrainingException if it is one of another run
   */
  void goOn(Path checkpoint) {
    CheckpointState state = CheckpointState.read(checkpoint);
    if (group.rank() == 0) {
      state.requireSame(checkpoint, setting);
    }
    learner.read(checkpoint);
    position = state.position();
    best = state.best();
    saved = position.step();
  }

  long done() {
    return position.step();
  }

  double seconds() {
    return seconds;
  }

  /**
   * Does all steps that are left, or those until it is asked to end.
   *
   * @param plan not used by others any more
   */
  Outcome train(Plan plan) {
    if (position.step() >= steps) {
      return Outcome.FINISHED;
    }
    try (var ahead = new Ahead(plan, samples, group.rank(), position, steps)) {
      while (position.step() < steps) {
        boolean ends = step(ahead);
        boolean last = position.step() == steps;
        evaluate(last);
        if (last || ends || position.step() % recipe.checkpoints().every() == 0) {
          save();
        }
        if (ends && !last) {
          return Outcome.INTERRUPTED;
        }
      }
      return Outcome.FINISHED;
    } catch (LostPeerException e) {
      save(); // the weights are those of the last step that all have done
      throw e;
    }
  }

  /** Does a step; returns whether a process is asked to end. */
  private boolean step(Ahead ahead) {
    long begin = System.nanoTime();
    Ahead.Ready ready = ahead.next();
    Counts counts = learner.count(ready.batches());
    Result result = learner.learn(position.step(), ready.batches(), counts, asked.getAsBoolean());
    if (!result.isFinite()) {
      throw notFinite(ready.step(), result);
    }
    double share = schedule.share(position.step());
    learner.change(share);
    position = ready.step().next();
    double took = (System.nanoTime() - begin) / 1e9;
    seconds += took;
    reports.tell(
        new RunEvent.Step(
            position.step(),
            ready.step().epoch(),
            result.loss() / counts.learned(),
            result.gradientNorm(),
            share * recipe.rates().tower(),
            share * recipe.rates().projector(),
            share * recipe.rates().decoder(),
            counts.positions(),
            counts.samples(),
            took,
            engine.residentBytes()));
    return result.asked();
  }

  private TrainingException notFinite(Plan.Step step, Result result) {
    List<Take> takes = new ArrayList<>();
    for (int i = 0; i < result.losses().size(); i++) {
      if (!Double.isFinite(result.losses().get(i))) {
        takes.addAll(step.batches().get(i / group.size()).get(i % group.size()));
      }
    }
    boolean loss = !takes.isEmpty();
    if (!loss) {
      step.batches().forEach(parts -> parts.forEach(takes::addAll));
    }
    String ids =
        takes.stream()
            .limit(MOST_IDS)
            .map(take -> samples.data().get(take.sample()).sample().id())
            .collect(Collectors.joining(", "));
    String more = takes.size() > MOST_IDS ? " and %d more".formatted(takes.size() - MOST_IDS) : "";
    String last =
        checkpoints
            .newest()
            .map("the last good checkpoint is %s"::formatted)
            .orElse("there is no checkpoint yet");
    return TrainingException.invalid(
        "step " + (step.from().step() + 1),
        "the %s is infinite or no number, with the samples %s%s; %s"
            .formatted(loss ? "loss" : "gradient", ids, more, last),
        "Look at these samples, then begin anew with lower learning rates or a longer warm-up");
  }

  private void evaluate(boolean last) {
    if (validation == null || recipe.validation() == null) {
      return;
    }
    if (last || position.step() % recipe.validation().every() == 0) {
      RunEvent.Evaluated evaluated = validation.measure(position.step());
      Best before = best;
      if (before == null || evaluated.loss() < before.loss()) {
        best = new Best(evaluated.step(), evaluated.loss());
      }
      reports.tell(evaluated);
    }
  }

  /** Writes a checkpoint; the first process does, unless it is there. */
  private void save() {
    if (group.rank() != 0 || saved == position.step()) {
      return;
    }
    var state = new CheckpointState(position, setting, best);
    Path folder =
        checkpoints.write(
            position.step(),
            half -> {
              learner.write(half);
              state.write(half);
            });
    saved = position.step();
    reports.tell(new RunEvent.Saved(saved, folder.toString()));
  }
}
