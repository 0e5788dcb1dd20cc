package org.llavamed.model.internal;

import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.llavamed.inference.Generation;
import org.llavamed.inference.ModelBenchmark.Figure;
import org.llavamed.inference.ModelBenchmark.Plan;
import org.llavamed.model.internal.schema.Constraint;

/**
 * Measures a decoder as the engine uses it: prompts in chunks, answers step by step with the
 * likeliest token taken, several sequences at a time. Tokens are random.
 */
final class DecoderSpeed {
  private static final FloatBuffer NO_PICTURE = FloatBuffer.allocate(0);
  private static final int PROMPT = 640;
  private static final int STEPS = 24;

  private final Decoder decoder;
  private final ModelDescription model;
  private final Plan plan;
  private final Samples samples;
  private final Sampler sampler;
  private final List<Integer> tokens = new ArrayList<>();

  DecoderSpeed(Decoder decoder, ModelDescription model, Plan plan) {
    this.decoder = decoder;
    this.model = model;
    this.plan = plan;
    this.samples = new Samples(plan.repeats());
    this.sampler = new Sampler(Generation.GREEDY, model.vocabulary());
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < decoder.limits().positions(); i++) {
      tokens.add(random.nextInt(model.vocabulary()));
    }
  }

  /** One measurement. */
  @FunctionalInterface
  interface Measurement {
    List<Figure> make() throws OrtException;
  }

  /** Returns the measurements that the decoder has room for. */
  List<Measurement> measurements() {
    List<Measurement> all = new ArrayList<>();
    if (PROMPT + STEPS > decoder.limits().positions()) {
      return all;
    }
    all.add(() -> prefill(PROMPT));
    for (int context : List.of(128, PROMPT, 1024)) {
      if (context + STEPS <= decoder.limits().positions()) {
        all.add(() -> decode(context));
      }
    }
    for (int rows : List.of(4, 8)) {
      if (rows <= decoder.limits().rows()) {
        all.add(() -> batch(rows, 128));
      }
    }
    all.add(this::overhead);
    if (plan.busy()) {
      all.add(this::besideBusyThread);
    }
    return all;
  }

  private List<Figure> prefill(int count) throws OrtException {
    return List.of(samples.rate("prefill of " + count, "tokens", count, () -> read(0, 0, count)));
  }

  private List<Figure> decode(int context) throws OrtException {
    read(0, 0, context);
    return List.of(
        samples.rate("decode at " + context, "tokens", STEPS, () -> write(1, context, STEPS)));
  }

  private List<Figure> batch(int rows, int context) throws OrtException {
    decoder.reserve(rows, context + STEPS);
    for (int row = 0; row < rows; row++) {
      read(row, 0, context);
    }
    String name = "decode at %d, %d sequences at a time".formatted(context, rows);
    return List.of(samples.rate(name, "tokens", rows * STEPS, () -> write(rows, context, STEPS)));
  }

  /** Steps and bare runs take turns, so that what else the machine does meets both. */
  private List<Figure> overhead() throws OrtException {
    read(0, 0, 128);
    write(1, 128, STEPS);
    double[] more = new double[plan.repeats() * STEPS];
    double[] bare = new double[more.length];
    try (RawSteps raw = new RawSteps(decoder, model)) {
      for (int i = 0; i < more.length; i++) {
        int past = 128 + i % STEPS;
        bare[i] = raw.seconds(past) * 1e6;
        long begin = System.nanoTime();
        write(1, past, 1);
        more[i] = (System.nanoTime() - begin) / 1e3 - bare[i];
      }
    }
    return List.of(
        Samples.figure("a step by ONNX Runtime alone", "us", bare),
        Samples.figure("what Java adds to a step", "us", more));
  }

  private List<Figure> besideBusyThread() throws OrtException {
    AtomicBoolean stop = new AtomicBoolean();
    Thread thread =
        new Thread(
            () -> {
              while (!stop.get()) {
                Thread.onSpinWait();
              }
            },
            "llavamed-busy");
    thread.setDaemon(true);
    read(0, 0, 128);
    Samples.Work work = () -> write(1, 128, STEPS);
    Figure quiet = samples.rate("decode at 128 again", "tokens", STEPS, work);
    thread.start();
    try {
      Figure busy = samples.rate("decode at 128 beside a busy thread", "tokens", STEPS, work);
      double share = busy.median() / quiet.median();
      return List.of(
          quiet, busy, new Figure("share kept beside a busy thread", "1", share, share, share));
    } finally {
      stop.set(true);
    }
  }

  private void read(int row, int past, int count) throws OrtException {
    int chunk = decoder.limits().chunk();
    for (int from = past; from < past + count; from += chunk) {
      int to = Math.min(from + chunk, past + count);
      decoder.prefill(row, from, tokens.subList(from, to), NO_PICTURE);
    }
  }

  private void write(int rows, int past, int count) throws OrtException {
    Integer[] next = new Integer[rows];
    Arrays.fill(next, tokens.get(past));
    for (int i = 0; i < count; i++) {
      Integer[] pasts = new Integer[rows];
      Arrays.fill(pasts, past + i);
      decoder.step(List.of(pasts), List.of(next));
      for (int row = 0; row < rows; row++) {
        next[row] = sampler.draw(decoder.logits(row), Constraint.NONE).token();
      }
    }
  }
}
