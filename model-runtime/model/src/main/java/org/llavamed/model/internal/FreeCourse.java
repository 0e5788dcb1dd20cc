package org.llavamed.model.internal;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.llavamed.inference.Answer;
import org.llavamed.inference.Answer.StopReason;
import org.llavamed.model.internal.Sampler.Drawn;
import org.llavamed.model.internal.schema.Constraint;
import org.llavamed.preprocess.TextStream;

/** Writes an answer token by token. */
final class FreeCourse implements Course {
  private final Rules rules;
  private final int promptTokens;
  private final TextStream stream;
  private final Sampler sampler;
  private final StopTexts stops;
  private final List<Double> logs = new ArrayList<>();
  private double log;
  private @Nullable StopReason stop;

  /**
   * What ends and bounds an answer.
   *
   * @param endTokens tokens that end it
   * @param stopTexts texts that end it
   * @param constraint what it may be
   * @param mostTokens most tokens of it
   * @param positions most positions of prompt and answer
   */
  record Rules(
      List<Integer> endTokens,
      List<String> stopTexts,
      Constraint constraint,
      int mostTokens,
      int positions) {}

  /**
   * Begins an answer.
   *
   * @param promptTokens number of the prompt's tokens
   * @param sampler of this answer, which has seen the prompt
   * @param stream of this answer
   */
  FreeCourse(Rules rules, int promptTokens, Sampler sampler, TextStream stream) {
    this.rules = rules;
    this.promptTokens = promptTokens;
    this.sampler = sampler;
    this.stream = stream;
    this.stops = new StopTexts(rules.stopTexts());
  }

  @Override
  public @Nullable Move next(FloatBuffer logits, int length, Consumer<String> onText) {
    Drawn drawn = sampler.draw(logits, rules.constraint());
    rules.constraint().accept(drawn.token());
    log += drawn.logProbability();
    if (rules.endTokens().contains(drawn.token())) {
      return end(StopReason.END_OF_SEQUENCE, onText);
    }
    sampler.saw(drawn.token());
    logs.add(drawn.logProbability());
    give(stops.append(stream.append(drawn.token())), onText);
    if (stops.found()) {
      return end(StopReason.STOP_TEXT, onText);
    }
    if (logs.size() == rules.mostTokens()) {
      return end(StopReason.MAX_NEW_TOKENS, onText);
    }
    if (length == rules.positions()) {
      return end(StopReason.CONTEXT_FULL, onText);
    }
    return new Move(length, drawn.token());
  }

  private @Nullable Move end(StopReason reason, Consumer<String> onText) {
    give(stops.append(stream.finish()), onText);
    stop = stops.found() ? StopReason.STOP_TEXT : reason;
    give(stops.finish(), onText);
    return null;
  }

  private static void give(String piece, Consumer<String> onText) {
    if (!piece.isEmpty()) {
      onText.accept(piece);
    }
  }

  @Override
  public Answer answer() {
    StopReason reason = stop;
    if (reason == null) {
      throw new IllegalStateException("the answer is not complete");
    }
    return new Answer(
        stops.text(), stream.ids(), logs, Math.exp(log), List.of(), reason, promptTokens);
  }
}
