package org.llavamed.model.internal;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.llavamed.inference.Answer;
import org.llavamed.inference.Answer.StopReason;
import org.llavamed.model.internal.Prompts.Prompt;

/**
 * Logits of a model after prompts that came at the same time.
 *
 * @param logits of each prompt after its last token, then after each token that follows
 * @param steps decode steps that were run for all of them
 */
public record Readings(List<List<FloatBuffer>> logits, long steps) {
  /** A token that follows every prompt. */
  private static final int NEXT = 7;

  /**
   * Reads prompts, and a token behind each.
   *
   * @param prefix how many tokens of all prompts are the same
   * @param rows most that are worked on at a time
   */
  public static Readings of(Path folder, List<List<Integer>> prompts, int prefix, int rows) {
    ModelSettings settings =
        new ModelSettings(folder, 2, 10, 128).with(new EngineSettings(rows, 64, 128, 1, 0));
    ModelFolder model = ModelFolder.open(folder);
    Backend backend = Backend.choose(settings.sessions(), new CudaDevice(settings.sessions()));
    try (ModelParts parts = new ModelOpener(settings, Machine.here(), backend).openPlain(model);
        Engine engine =
            new Engine(model, parts.decoder(), new Prefixes(parts.decoder(), 1 << 20), 64)) {
      Features features = new Features(FloatBuffer.allocate(0));
      List<Recorded> all = new ArrayList<>();
      for (List<Integer> tokens : prompts) {
        Recorded recorded = new Recorded();
        engine.submit(new Request(features, new Prompt(tokens, prefix), recorded, recorded));
        all.add(recorded);
      }
      engine.start();
      return new Readings(all.stream().map(Recorded::await).toList(), parts.decoder().stepRuns());
    }
  }

  private static final class Recorded implements Course, Delivery {
    private final List<FloatBuffer> logits = new ArrayList<>();
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();

    List<FloatBuffer> await() {
      answer.join();
      return logits;
    }

    @Override
    public @Nullable Move next(FloatBuffer found, int length, Consumer<String> onText) {
      logits.add(FloatBuffer.allocate(found.capacity()).put(found.duplicate().rewind()).flip());
      return logits.size() == 2 ? null : new Move(length, NEXT);
    }

    @Override
    public Answer answer() {
      return new Answer("", List.of(), List.of(), 1, List.of(), StopReason.MAX_NEW_TOKENS, 1);
    }

    @Override
    public void piece(String text) {
      throw new AssertionError(text);
    }

    @Override
    public void complete(Answer complete) {
      answer.complete(complete);
    }

    @Override
    public void fail(RuntimeException failure) {
      answer.completeExceptionally(failure);
    }

    @Override
    public void cancel() {
      answer.cancel(false);
    }

    @Override
    public boolean cancelled() {
      return false;
    }
  }
}
