package org.llavamed.model.internal;

import ai.onnxruntime.OrtException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.llavamed.inference.Answer;
import org.llavamed.inference.Answer.ChoiceProbability;
import org.llavamed.inference.Answer.StopReason;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.Query;
import org.llavamed.model.internal.Prompts.Prompt;
import org.llavamed.preprocess.TextStream;

/**
 * Answers questions about pictures. The cache keeps the prompt's beginning with the picture it
 * belongs to: further questions about the same picture go on from there. Not safe for use by
 * several threads.
 */
final class Answerer {
  private final ModelDescription model;
  private final ModelParts parts;
  private final Decoder decoder;
  private final Runnable checkpoint;
  private @Nullable Beginning cached;

  /** What the first positions of the cache hold. */
  private record Beginning(Features features, List<Integer> tokens) {
    boolean is(Features otherFeatures, List<Integer> otherTokens) {
      return features == otherFeatures && tokens.equals(otherTokens);
    }
  }

  /**
   * Takes the parts, which are the maker's.
   *
   * @param checkpoint asked before each run; throws where the work is to stop
   */
  Answerer(ModelDescription model, ModelParts parts, Runnable checkpoint) {
    this.model = model;
    this.parts = parts;
    this.decoder = parts.decoder();
    this.checkpoint = checkpoint;
  }

  Answer answer(Features features, Query query, Consumer<String> onText) throws OrtException {
    Prompt prompt = prompt(features, query.question());
    return query.choices().isEmpty()
        ? free(features, query, prompt, onText)
        : choose(features, query, prompt, onText);
  }

  Logits firstLogits(Features features, String question) throws OrtException {
    return read(features, prompt(features, question), 1);
  }

  private Prompt prompt(Features features, String question) {
    return parts.prompts().prompt(question, features.ofPicture());
  }

  private Answer free(Features features, Query query, Prompt prompt, Consumer<String> onText)
      throws OrtException {
    Logits next = read(features, prompt, 1);
    TextStream text = parts.tokenizer().stream();
    double log = 0;
    List<Double> logs = new ArrayList<>();
    StopReason stop = null;
    int count = 0;
    while (stop == null) {
      int token = next.argmax();
      log += next.logProbability(token);
      if (model.eosTokenIds().contains(token)) {
        stop = StopReason.END_OF_SEQUENCE;
        continue;
      }
      count++;
      logs.add(next.logProbability(token));
      give(text.append(token), onText);
      if (count == query.generation().maxNewTokens()) {
        stop = StopReason.MAX_NEW_TOKENS;
      } else if (decoder.length() == decoder.capacity()) {
        stop = StopReason.CONTEXT_FULL;
      } else {
        next = step(token);
      }
    }
    give(text.finish(), onText);
    return new Answer(
        text.text(), text.ids(), logs, Math.exp(log), List.of(), stop, prompt.tokens().size());
  }

  private static void give(String piece, Consumer<String> onText) {
    if (!piece.isEmpty()) {
      onText.accept(piece);
    }
  }

  private Answer choose(Features features, Query query, Prompt prompt, Consumer<String> onText)
      throws OrtException {
    List<List<Integer>> answers = new ArrayList<>();
    int longest = 1;
    for (String choice : query.choices()) {
      List<Integer> tokens = parts.prompts().answer(query.question(), prompt, choice);
      longest = Math.max(longest, tokens.size());
      answers.add(tokens);
    }
    Logits first = read(features, prompt, longest);
    double[] logs = new double[answers.size()];
    int best = 0;
    for (int i = 0; i < logs.length; i++) {
      logs[i] = logProbability(prompt, first, answers.get(i));
      best = logs[i] > logs[best] ? i : best;
    }
    List<ChoiceProbability> choices = shares(query.choices(), logs, logs[best]);
    String text = query.choices().get(best);
    List<Integer> tokens = answers.get(best);
    give(text, onText);
    return new Answer(
        text,
        tokens.subList(0, tokens.size() - 1),
        List.of(),
        choices.get(best).probability(),
        choices,
        StopReason.CHOICE,
        prompt.tokens().size());
  }

  private double logProbability(Prompt prompt, Logits first, List<Integer> answer)
      throws OrtException {
    decoder.rewind(prompt.tokens().size());
    double log = first.logProbability(answer.get(0));
    for (int i = 1; i < answer.size(); i++) {
      log += step(answer.get(i - 1)).logProbability(answer.get(i));
    }
    return log;
  }

  private static List<ChoiceProbability> shares(List<String> choices, double[] logs, double most) {
    double sum = 0;
    for (double log : logs) {
      sum += Math.exp(log - most);
    }
    List<ChoiceProbability> shares = new ArrayList<>();
    for (int i = 0; i < logs.length; i++) {
      shares.add(new ChoiceProbability(choices.get(i), Math.exp(logs[i] - most) / sum));
    }
    return shares;
  }

  /** Reads a prompt, its beginning from the cache where it is there. */
  private Logits read(Features features, Prompt prompt, int room) throws OrtException {
    List<Integer> tokens = prompt.tokens();
    if (tokens.size() + room > decoder.capacity()) {
      throw ModelException.contextOverflow(tokens.size() + room, decoder.capacity());
    }
    List<Integer> beginning = tokens.subList(0, prompt.prefix());
    Beginning held = cached;
    if (held != null && held.is(features, beginning)) {
      decoder.rewind(prompt.prefix());
    } else {
      cached = null;
      decoder.rewind(0);
      decoder.read(beginning, features, checkpoint);
      cached = new Beginning(features, List.copyOf(beginning));
    }
    return readOn(tokens.subList(prompt.prefix(), tokens.size()), features);
  }

  private Logits readOn(List<Integer> tokens, Features features) throws OrtException {
    decoder.read(tokens, features, checkpoint);
    return logits();
  }

  private Logits step(int token) throws OrtException {
    decoder.step(token, checkpoint);
    return logits();
  }

  private Logits logits() {
    Logits logits = decoder.logits();
    if (!logits.finite()) {
      throw ModelException.invalid(
          model.name(),
          "its numbers overflow (a logit is not finite)",
          "Import the checkpoint with --precision fp32");
    }
    return logits;
  }
}
