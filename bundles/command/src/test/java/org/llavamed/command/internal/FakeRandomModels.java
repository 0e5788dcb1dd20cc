package org.llavamed.command.internal;

import java.util.List;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.Progress;
import org.llavamed.inference.RandomModels;

/** Notes what is asked for. */
record FakeRandomModels(List<String> diary) implements RandomModels {
  @Override
  public List<String> shapes() {
    return List.of("small");
  }

  @Override
  public ModelCard makeModel(RandomModel model, Progress progress) {
    note("model", model);
    return FakeRuntime.CARD;
  }

  @Override
  public void makeCheckpoint(RandomModel model, Progress progress) {
    note("checkpoint", model);
  }

  private void note(String what, RandomModel model) {
    diary.add(
        "%s %s %d %s %s"
            .formatted(
                what, model.shape(), model.seed(), model.out(), model.precisions().decoder()));
  }
}
