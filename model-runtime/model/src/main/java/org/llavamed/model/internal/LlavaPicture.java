package org.llavamed.model.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.llavamed.inference.Answer;
import org.llavamed.inference.EncodedPicture;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.Query;

/** A picture that a model has looked at: its features, until it is closed. */
final class LlavaPicture implements EncodedPicture {
  private final LlavaModel model;
  private volatile @Nullable Features features;

  LlavaPicture(LlavaModel model, Features features) {
    this.model = model;
    this.features = features;
  }

  @Override
  public Answer answer(Query query, Consumer<String> onText) {
    return model.answer(features(), query, onText);
  }

  @Override
  public CompletableFuture<Answer> ask(Query query, Flow.Subscriber<? super String> subscriber) {
    return model.ask(features(), query, subscriber);
  }

  /** Returns its features, where it is not closed. */
  Features features() {
    Features held = features;
    if (held == null) {
      throw ModelException.invalid(
          "picture",
          "it is closed",
          "Encode the picture again, or close it after the last question");
    }
    return held;
  }

  @Override
  public void close() {
    features = null;
  }
}
