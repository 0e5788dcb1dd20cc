package org.llavamed.importer.internal;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.llavamed.checkpoint.LlavaConfig;
import org.llavamed.checkpoint.TokenizerFile;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.ModelInspection;
import org.llavamed.inference.ModelRuntime;
import org.llavamed.inference.Precision;
import org.llavamed.preprocess.Tokenizer;

/**
 * Holds an imported model against its checkpoint: logits of the next token after fixed prompts and
 * along the checkpoint's own greedy continuation of each, which the model reads token by token. One
 * prompt has a generated picture, of whose features a few rows are taken. The checkpoint's side is
 * computed first, by {@link ReferenceVision} and {@link ReferenceDecoder}; then each decoder is run
 * alone, prefill and decode step, behind the tower.
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
   * One prompt, and what the checkpoint says to it.
   *
   * @param tokens ids, that of pictures where a feature stands, then its own continuation
   * @param length tokens that are not its continuation
   * @param features rows of a picture's features; none where there is no picture
   * @param logits after the prompt and after each token of the continuation
   */
  private record Course(
      List<Integer> tokens, int length, List<float[]> features, List<float[]> logits) {
    Course(List<Integer> tokens, List<float[]> features) {
      this(new ArrayList<>(tokens), tokens.size(), features, new ArrayList<>());
    }
  }

  /**
   * Compares every decoder.
   *
   * @param folder the model folder, with its llavamed.json
   * @param tolerant whether a decoder that cannot be run is no error
   * @throws ModelException if a decoder cannot be run, other than for lack of memory, the
   *     checkpoint's own logits are no numbers, or the thread is interrupted
   */
  Findings run(ModelRuntime runtime, Path folder, List<Precision> decoders, boolean tolerant) {
    work.at("self-check");
    List<Course> courses = courses(folder);
    Findings findings = new Findings();
    for (Precision decoder : decoders) {
      work.at("self-check of the %s decoder".formatted(Description.name(decoder)));
      try (ModelInspection model = runtime.inspect(folder, decoder)) {
        findings.add(decoder, compared(model, courses));
      } catch (ModelException e) {
        work.check();
        // The folder that is being filled is nothing that a person knows.
        String reason =
            String.valueOf(e.getMessage())
                .replace(folder + ": ", "")
                .replace(folder + folder.getFileSystem().getSeparator(), "");
        if (!tolerant && !e.isOutOfMemory()) {
          throw ModelException.invalid(
              source.folder(),
              "the imported %s decoder cannot be run (%s)"
                  .formatted(Description.name(decoder), reason),
              "Update llavamed, or keep the model with --any-quality",
              e);
        }
        findings.addNotRun(decoder, reason);
      }
    }
    return findings;
  }

  private List<Course> courses(Path folder) {
    List<Course> courses = prompts(folder);
    ReferenceDecoder reference = new ReferenceDecoder(source.text(), tensors, work);
    List<ReferenceDecoder.Sequence> sequences =
        courses.stream().map(course -> begun(reference, course)).toList();
    for (int step = 0; step <= STEPS; step++) {
      work.at("self-check, pass %d of %d".formatted(step + 1, STEPS + 1));
      List<float[]> logits = reference.read(sequences);
      for (int i = 0; i < logits.size(); i++) {
        courses.get(i).logits.add(finite(logits.get(i)));
        if (step < STEPS) {
          int next = largest(logits.get(i));
          courses.get(i).tokens.add(next);
          sequences.get(i).add(next);
        }
      }
    }
    return courses;
  }

  private float[] finite(float[] logits) {
    for (float logit : logits) {
      if (!Float.isFinite(logit)) {
        throw ModelException.invalid(
            source.folder(),
            "its own weights, computed in float32, give logits that are no finite numbers",
            "Download it again, or take another checkpoint");
      }
    }
    return logits;
  }

  private Comparison compared(ModelInspection model, List<Course> courses) {
    Comparison comparison = new Comparison();
    for (Course course : courses) {
      work.check();
      Optional<FloatBuffer> features =
          course.features.isEmpty()
              ? Optional.empty()
              : Optional.of(rows(model.imageFeatures(FloatBuffer.wrap(pixels()))));
      List<FloatBuffer> found = model.logits(course.tokens, features, course.length);
      for (int step = 0; step < found.size(); step++) {
        comparison.add(course.logits.get(step), found.get(step));
      }
    }
    return comparison;
  }

  private ReferenceDecoder.Sequence begun(ReferenceDecoder reference, Course course) {
    ReferenceDecoder.Sequence sequence = reference.begin();
    int row = 0;
    for (int token : course.tokens) {
      if (!course.features.isEmpty() && token == picture()) {
        sequence.add(course.features.get(row++));
      } else {
        sequence.add(token);
      }
    }
    return sequence;
  }

  private int picture() {
    return source.llava().map(LlavaConfig::imageTokenId).orElse(-1);
  }

  private List<Course> prompts(Path folder) {
    List<Course> prompts = new ArrayList<>();
    try (Tokenizer tokenizer = Tokenizer.open(folder.resolve(TokenizerFile.NAME))) {
      // The picture's first: a tower is in memory before a decoder is.
      source.llava().ifPresent(llava -> prompts.add(seeing(llava, tokenizer)));
      for (String text : TEXTS) {
        List<Integer> tokens = new ArrayList<>(List.of(begin));
        tokens.addAll(encoded(tokenizer, text));
        prompts.add(new Course(tokens, List.of()));
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

  private Course seeing(LlavaConfig llava, Tokenizer tokenizer) {
    work.at("self-check, picture");
    float[] all = new ReferenceVision(llava, tensors, work).look(pixels());
    FloatBuffer some = rows(FloatBuffer.wrap(all));
    List<Integer> tokens = new ArrayList<>(List.of(begin));
    List<float[]> features = new ArrayList<>();
    while (some.hasRemaining()) {
      float[] row = new float[source.text().hidden()];
      some.get(row);
      features.add(row);
      tokens.add(picture());
    }
    tokens.addAll(encoded(tokenizer, PICTURE_TEXT));
    return new Course(tokens, features);
  }

  /** Returns some rows of a picture's features, evenly spread. */
  private FloatBuffer rows(FloatBuffer features) {
    int hidden = source.text().hidden();
    int rows = features.remaining() / hidden;
    int taken = Math.min(rows, MOST_FEATURES);
    FloatBuffer some = FloatBuffer.allocate(taken * hidden);
    for (int i = 0; i < taken; i++) {
      int from = (int) ((long) i * rows / taken) * hidden;
      some.put(i * hidden, features, from, hidden);
    }
    return some;
  }

  /** A bright ring on a slope, other in each channel: [3, side, side], about -2 to 2. */
  private float[] pixels() {
    int side = source.llava().map(llava -> llava.vision().side()).orElse(0);
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
