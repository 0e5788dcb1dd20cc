package org.llavamed.model.internal;

import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.llavamed.inference.ModelInspection;

/** A model folder whose graphs are run by hand, one after the other. */
final class LlavaInspection implements ModelInspection {
  private final ModelFolder folder;
  private final ModelDescription model;
  private final ModelParts parts;
  private final Consumer<LlavaInspection> onClose;
  private boolean closed;

  /**
   * Takes over the parts.
   *
   * @param onClose told once when this is closed
   */
  LlavaInspection(ModelFolder folder, ModelParts parts, Consumer<LlavaInspection> onClose) {
    this.folder = folder;
    this.model = folder.description();
    this.parts = parts;
    this.onClose = onClose;
  }

  @Override
  public synchronized FloatBuffer imageFeatures(FloatBuffer pixels) {
    expectOpen();
    Vision vision = parts.eye().orElseThrow(folder::noPictures).vision();
    try {
      return look(vision, model, pixels);
    } catch (OrtException e) {
      throw folder.failed(e);
    }
  }

  /** Runs a tower, after a look at how many numbers it gets. */
  static FloatBuffer look(Vision vision, ModelDescription model, FloatBuffer pixels)
      throws OrtException {
    int numbers = 3 * model.imageSide() * model.imageSide();
    expect(pixels.remaining() == numbers, "pixels holds", pixels.remaining(), numbers + " numbers");
    return vision.look(pixels.slice()).rows();
  }

  @Override
  public synchronized List<FloatBuffer> logits(
      List<Integer> tokens, Optional<FloatBuffer> imageFeatures, int prompt) {
    expectOpen();
    expect(tokens, prompt, imageFeatures.map(FloatBuffer::remaining));
    int positions = parts.decoder().limits().positions();
    if (tokens.size() > positions) {
      throw model.overflow(tokens.size(), positions);
    }
    FloatBuffer rows = imageFeatures.map(FloatBuffer::slice).orElse(FloatBuffer.allocate(0));
    try {
      return logits(parts.decoder(), tokens, rows, prompt);
    } catch (OrtException e) {
      throw folder.failed(e);
    }
  }

  private static List<FloatBuffer> logits(
      Decoder decoder, List<Integer> tokens, FloatBuffer rows, int prompt) throws OrtException {
    List<FloatBuffer> logits = new ArrayList<>();
    int chunk = decoder.limits().chunk();
    for (int from = 0; from < prompt; from += chunk) {
      List<Integer> part = tokens.subList(from, Math.min(prompt, from + chunk));
      FloatBuffer after = decoder.prefill(0, from, part, rows);
      if (from + part.size() == prompt) {
        logits.add(copy(after));
      }
    }
    for (int i = prompt; i < tokens.size(); i++) {
      decoder.step(List.of(i), tokens.subList(i, i + 1));
      logits.add(copy(decoder.logits(0)));
    }
    return logits;
  }

  private static FloatBuffer copy(FloatBuffer logits) {
    int count = logits.capacity();
    return FloatBuffer.allocate(count).put(0, logits, 0, count).asReadOnlyBuffer();
  }

  private void expect(List<Integer> tokens, int prompt, Optional<Integer> numbers) {
    expect(prompt >= 1 && prompt <= tokens.size(), "prompt is", prompt, "1 to " + tokens.size());
    for (int token : tokens) {
      expect(
          token >= 0 && (token < model.vocabulary() || model.isPicture(token)),
          "a token is",
          token,
          "0 to " + (model.vocabulary() - 1));
    }
    if (numbers.isPresent()) {
      int pictures =
          Math.toIntExact(tokens.subList(0, prompt).stream().filter(model::isPicture).count());
      expect(
          numbers.get() == pictures * model.hiddenSize(),
          "imageFeatures holds",
          numbers.get(),
          "%d numbers for %d picture tokens".formatted(pictures * model.hiddenSize(), pictures));
    }
  }

  private static void expect(boolean holds, String what, int found, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("%s %d, expected %s".formatted(what, found, expected));
    }
  }

  private void expectOpen() {
    if (closed) {
      throw folder.closed();
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      parts.close();
      onClose.accept(this);
    }
  }
}
