package org.llavamed.learning.loop;

import org.llavamed.data.BatchPlan;
import org.llavamed.engine.ProcessGroup;
import org.llavamed.learning.model.Llava;
import org.llavamed.learning.run.RunEvent;

/** Samples that the model is not trained with, on which it is measured. */
final class Validation {
  private final Learner learner;
  private final ProcessGroup group;
  private final BatchReader samples;
  private final BatchPlan plan;

  /**
   * Takes samples.
   *
   * @param size samples that a process reads at a time
   */
  Validation(Learner learner, ProcessGroup group, BatchReader samples, int size) {
    this.learner = learner;
    this.group = group;
    this.samples = samples;
    this.plan = samples.data().plan(new BatchPlan.Shape(size, group.size()), samples.seed(), 0);
  }

  /**
   * Measures the model; all processes together.
   *
   * @param step steps that are done
   */
  RunEvent.Evaluated measure(long step) {
    double loss = 0;
    long[] counts = new long[3];
    for (int i = 0; i < plan.size(); i++) {
      HostBatch batch = samples.read(plan.takes(i, group.rank()), 0);
      if (!batch.isEmpty()) {
        Llava.Score score = learner.score(batch);
        loss += score.loss();
        counts[0] += score.right();
        counts[1] += batch.learned();
        counts[2] += batch.samples().size();
      }
    }
    float[] losses = learner.sum((float) loss);
    long[] all = learner.sum(counts);
    return new RunEvent.Evaluated(
        step, losses[0] / (double) all[1], all[0] / (double) all[1], all[2]);
  }
}
