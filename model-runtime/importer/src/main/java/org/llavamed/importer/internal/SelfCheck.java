package org.llavamed.importer.internal;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.llavamed.inference.ModelInspection;
import org.llavamed.inference.ModelRuntime;
import org.llavamed.preprocess.Tokenizer;

/**
 * Holds an imported model against its checkpoint: logits of the next token after fixed prompts and
 * along the checkpoint's own greedy continuation of each, which the model reads token by token. One
 * prompt has a generated picture, of whose features a few rows are taken, so that tower, prefill
 * and decode step are all run. The checkpoint's side is computed by {@link ReferenceVision} and
 * {@link ReferenceDecoder}.
 */
final class SelfCheck {
  private static final List<String> TEXTS =
      List.of(
          "The chest X-ray shows a",
          "Is there a fracture of the left femur?",
          "What organ is seen in this picture?",
          "Describe the findings.");
  private static final String PICTURE_TEXT = "What is shown here?";
  private static final int MOST_TOKENS = 9;
  private static final int MOST_FEATURES = 12;
  private static final int STEPS = 7;

  private final Source source;
  private final LlavaTensors tensors;
  private final int begin;
  private final Work work;

  /**
   * @param begin id of the token that begins a prompt
   */
  SelfCheck(Source source, LlavaTensors tensors, int begin, Work work) {
    this.source = source;
    this.tensors = tensors;
    this.begin = begin;
    this.work = work;
  }

  /**
   * One prompt.
   *
   * @param tokens ids, that of pictures where a feature stands
   * @param features of a picture, as the checkpoint and as the model gives them, row by row
   */
  private record Prompt(List<Integer> tokens, Optional<Features> features) {}

  private record Features(FloatBuffer expected, FloatBuffer found) {}

  /**
   * Compares.
   *
   * @param folder the model folder, with its llavamed.json
   * @throws org.llavamed.inference.ModelException if the model cannot be run, or the thread is
   *     interrupted
   */
  Comparison run(ModelRuntime runtime, Path folder) {
    work.at("self-check");
    try (ModelInspection model = runtime.inspect(folder)) {
      List<Prompt> prompts = prompts(folder, model);
      ReferenceDecoder reference = new ReferenceDecoder(source.text(), tensors, work);
      List<ReferenceDecoder.Sequence> sequences =
          prompts.stream().map(prompt -> begun(reference, prompt)).toList();
      List<List<Integer>> tokens = new ArrayList<>();
      List<List<float[]>> expected = new ArrayList<>();
      prompts.forEach(prompt -> tokens.add(new ArrayList<>(prompt.tokens)));
      prompts.forEach(prompt -> expected.add(new ArrayList<>()));
      for (int step = 0; step <= STEPS; step++) {
        work.at("self-check, pass %d of %d".formatted(step + 1, STEPS + 1));
        List<float[]> logits = reference.read(sequences);
        for (int i = 0; i < logits.size(); i++) {
          expected.get(i).add(logits.get(i));
          if (step < STEPS) {
            int next = largest(logits.get(i));
            tokens.get(i).add(next);
            sequences.get(i).add(next);
          }
        }
      }
      return compared(model, prompts, tokens, expected);
    }
  }

  private static Comparison compared(
      ModelInspection model,
      List<Prompt> prompts,
      List<List<Integer>> tokens,
      List<List<float[]>> expected) {
    Comparison comparison = new Comparison();
    for (int i = 0; i < prompts.size(); i++) {
      Prompt prompt = prompts.get(i);
      List<FloatBuffer> found =
          model.logits(tokens.get(i), prompt.features.map(Features::found), prompt.tokens.size());
      for (int step = 0; step < found.size(); step++) {
        comparison.add(expected.get(i).get(step), found.get(step));
      }
    }
    return comparison;
  }

  private ReferenceDecoder.Sequence begun(ReferenceDecoder reference, Prompt prompt) {
    ReferenceDecoder.Sequence sequence = reference.begin();
    int hidden = source.text().hidden();
    int row = 0;
    for (int token : prompt.tokens) {
      if (prompt.features.isPresent() && token == picture()) {
        float[] feature = new float[hidden];
        prompt.features.get().expected.get(row++ * hidden, feature);
        sequence.add(feature);
      } else {
        sequence.add(token);
      }
    }
    return sequence;
  }

  private int picture() {
    return source.llava().map(LlavaConfig::imageTokenId).orElse(-1);
  }

  private List<Prompt> prompts(Path folder, ModelInspection model) {
    List<Prompt> prompts = new ArrayList<>();
    try (Tokenizer tokenizer = Tokenizer.open(folder.resolve("tokenizer.json"))) {
      for (String text : TEXTS) {
        List<Integer> tokens = new ArrayList<>(List.of(begin));
        tokens.addAll(encoded(tokenizer, text));
        prompts.add(new Prompt(tokens, Optional.empty()));
      }
      if (source.llava().isPresent()) {
        prompts.add(seeing(source.llava().get(), tokenizer, model));
      }
    }
    return prompts;
  }

  private List<Integer> encoded(Tokenizer tokenizer, String text) {
    return tokenizer.encode(text).stream()
        .filter(id -> id < source.text().vocabulary() && id != picture())
        .limit(MOST_TOKENS)
        .toList();
  }

  private Prompt seeing(LlavaConfig llava, Tokenizer tokenizer, ModelInspection model) {
    work.at("self-check, picture");
    float[] pixels = pixels(llava.vision().side());
    float[] expected = new ReferenceVision(llava, tensors, work).look(pixels);
    FloatBuffer found = model.imageFeatures(FloatBuffer.wrap(pixels));
    int rows = llava.vision().tokens();
    int taken = Math.min(rows, MOST_FEATURES);
    int hidden = source.text().hidden();
    FloatBuffer some = FloatBuffer.allocate(taken * hidden);
    FloatBuffer others = FloatBuffer.allocate(taken * hidden);
    List<Integer> tokens = new ArrayList<>(List.of(begin));
    for (int i = 0; i < taken; i++) {
      int from = (int) ((long) i * rows / taken) * hidden;
      some.put(i * hidden, expected, from, hidden);
      others.put(i * hidden, found, from, hidden);
      tokens.add(picture());
    }
    tokens.addAll(encoded(tokenizer, PICTURE_TEXT));
    return new Prompt(tokens, Optional.of(new Features(some, others)));
  }

  /** A bright ring on a slope, other in each channel: [3, side, side], about -2 to 2. */
  private static float[] pixels(int side) {
    float[] pixels = new float[3 * side * side];
    for (int i = 0; i < pixels.length; i++) {
      int channel = i / (side * side);
      double y = (double) (i / side % side) / side;
      double x = (double) (i % side) / side;
      double distance = Math.hypot(x - 0.4, y - 0.55);
      pixels[i] =
          (float) (2 * Math.exp(-200 * Math.pow(distance - 0.3, 2)) - 1.5 + x + y * channel / 2);
    }
    return pixels;
  }

  private static int largest(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }
}
