package org.llavamed.model.internal;

import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.llavamed.inference.Answer;
import org.llavamed.inference.Answer.StopReason;
import org.llavamed.inference.Generation;
import org.llavamed.inference.ModelBenchmark.Figure;
import org.llavamed.inference.ModelBenchmark.Plan;
import org.llavamed.model.internal.Prompts.Prompt;
import org.llavamed.model.internal.schema.Constraint;

/**
 * Measures many short questions behind one long beginning of a prompt, as of one picture, through
 * the engine that answers elsewhere. Tokens are random.
 */
final class QuestionSpeed {
  private static final int PREFIX = 640;
  private static final int QUESTIONS = 20;
  private static final int QUESTION = 20;
  private static final int ANSWER = 4;
  private static final int NEEDED = PREFIX + QUESTION + ANSWER;

  private final ModelFolder folder;
  private final Decoder decoder;
  private final EngineSettings settings;
  private final Samples samples;
  private final List<Prompt> prompts = new ArrayList<>();

  /** Takes the decoder, which nobody else uses during a measurement. */
  QuestionSpeed(ModelFolder folder, Decoder decoder, EngineSettings settings, Plan plan) {
    this.folder = folder;
    this.decoder = decoder;
    this.settings = settings;
    this.samples = new Samples(plan.repeats());
    SplittableRandom random = new SplittableRandom(2);
    List<Integer> prefix = tokens(random, PREFIX);
    for (int i = 0; i < QUESTIONS; i++) {
      List<Integer> all = new ArrayList<>(prefix);
      all.addAll(tokens(random, QUESTION));
      prompts.add(new Prompt(List.copyOf(all), PREFIX));
    }
  }

  private List<Integer> tokens(SplittableRandom random, int count) {
    int vocabulary = folder.description().vocabulary();
    return random.ints(count, 0, vocabulary).boxed().toList();
  }

  /** Returns whether the decoder has room for it. */
  boolean fits() {
    return NEEDED <= decoder.limits().positions();
  }

  /** Measures. */
  List<Figure> measure() throws OrtException {
    try (Engine engine =
        new Engine(
            folder,
            decoder,
            new Prefixes(decoder, settings.prefixCacheBytes()),
            Math.max(QUESTIONS, settings.mostWaiting()))) {
      engine.start();
      return List.of(
          samples.seconds("20 questions of one prefix of 640", () -> together(engine)),
          samples.seconds("20 questions of it, one after the other", () -> inTurn(engine)),
          samples.seconds("20 questions, the prefix read for each", () -> anew(engine)));
    }
  }

  private void together(Engine engine) {
    Features features = features();
    List<BlockingDelivery> asked = new ArrayList<>();
    for (Prompt prompt : prompts) {
      asked.add(ask(engine, features, prompt));
    }
    asked.forEach(this::await);
  }

  private void inTurn(Engine engine) {
    Features features = features();
    for (Prompt prompt : prompts) {
      await(ask(engine, features, prompt));
    }
  }

  private void anew(Engine engine) {
    for (Prompt prompt : prompts) {
      await(ask(engine, features(), prompt));
    }
  }

  /** Returns a picture of no rows, which no prompt that was read before had. */
  private static Features features() {
    return new Features(FloatBuffer.allocate(0));
  }

  private BlockingDelivery ask(Engine engine, Features features, Prompt prompt) {
    BlockingDelivery delivery = new BlockingDelivery();
    engine.submit(new Request(features, prompt, new Likeliest(), delivery));
    return delivery;
  }

  private void await(BlockingDelivery delivery) {
    try {
      delivery.await(text -> {});
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw OnnxModelBenchmark.interrupted(folder);
    }
  }

  /** Writes the likeliest tokens, as many as are measured, whatever they mean. */
  private final class Likeliest implements Course {
    private final int vocabulary = folder.description().vocabulary();
    private final Sampler sampler = new Sampler(Generation.GREEDY, vocabulary);
    private final List<Integer> written = new ArrayList<>();

    @Override
    public @Nullable Move next(FloatBuffer logits, int length, Consumer<String> onText) {
      int token = sampler.draw(logits, Constraint.NONE).token();
      written.add(token);
      return written.size() == ANSWER ? null : new Move(length, token);
    }

    @Override
    public Answer answer() {
      return new Answer(
          "", List.of(), List.of(), 1, List.of(), StopReason.MAX_NEW_TOKENS, PREFIX + QUESTION);
    }
  }
}
