package org.llavamed.command.internal;

import java.util.List;
import org.llavamed.inference.Answer;
import org.llavamed.inference.Answer.StopReason;
import org.llavamed.inference.EncodedPicture;
import org.llavamed.inference.Generation;
import org.llavamed.inference.Query;

/**
 * Measures what a further token costs, of a prompt and of an answer. Both are differences of two
 * times, so that what a model keeps of a picture between questions does not make it look faster.
 */
final class ModelSpeed {
  private static final String SHORT = "What is shown?";
  private static final String LONG = "What is shown, and where is it in the picture? ".repeat(24);

  /** Questions that make a model write more than one word. */
  private static final List<String> OPEN =
      List.of(
          "What is abnormal in this image?",
          "Where is the abnormality located?",
          "Describe the findings in this image.");

  private final int repeats;

  ModelSpeed(int repeats) {
    this.repeats = repeats;
  }

  /** Returns tokens/s of the prompt: a long question against a short one. */
  double prefill(EncodedPicture picture) {
    int tokens = first(picture, LONG).promptTokens() - first(picture, SHORT).promptTokens();
    double seconds =
        Stopwatch.median(repeats, () -> first(picture, LONG))
            - Stopwatch.median(repeats, () -> first(picture, SHORT));
    return perSecond(tokens, seconds);
  }

  /** Returns tokens/s of the answer: whole answers against their first tokens. */
  double decode(EncodedPicture picture) {
    int steps = 0;
    double seconds = 0;
    for (String question : OPEN) {
      Answer answer = whole(picture, question);
      // The step that gives the end token counts; the first token belongs to the prompt.
      steps += answer.tokens().size() - (answer.stop() == StopReason.END_OF_SEQUENCE ? 0 : 1);
      seconds +=
          Stopwatch.median(repeats, () -> whole(picture, question))
              - Stopwatch.median(repeats, () -> first(picture, question));
    }
    return perSecond(steps, seconds);
  }

  /** Returns 0 where nothing could be measured. */
  private static double perSecond(int tokens, double seconds) {
    return tokens > 0 && seconds > 0 ? tokens / seconds : 0;
  }

  private static Answer first(EncodedPicture picture, String question) {
    return picture.answer(Query.open(question, Generation.GREEDY.withMaxNewTokens(1)), text -> {});
  }

  private static Answer whole(EncodedPicture picture, String question) {
    return picture.answer(Query.open(question), text -> {});
  }
}
