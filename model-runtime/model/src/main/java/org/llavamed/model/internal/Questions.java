package org.llavamed.model.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.llavamed.inference.Generation;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.Query;
import org.llavamed.model.internal.FreeCourse.Rules;
import org.llavamed.model.internal.Prompts.Continuation;
import org.llavamed.model.internal.Prompts.Prompt;
import org.llavamed.model.internal.schema.Constraint;

/** Makes requests of questions, and refuses those that cannot be answered. */
final class Questions {
  private final ModelDescription model;
  private final ModelParts parts;

  /** A question, ready to be worked on. */
  record Question(Prompt prompt, Course course) {}

  Questions(ModelDescription model, ModelParts parts) {
    this.model = model;
    this.parts = parts;
  }

  /**
   * Returns a question, ready to be worked on.
   *
   * @throws ModelException if prompt and answer do not fit the context, or the question names a
   *     token of the model's own
   */
  Question question(Features features, Query query) {
    Prompt prompt = parts.prompts().prompt(query.question(), features.ofPicture());
    return new Question(
        prompt, query.choices().isEmpty() ? free(prompt, query) : choose(prompt, query));
  }

  private Course free(Prompt prompt, Query query) {
    expectRoom(prompt, 1);
    Generation generation = query.generation();
    Sampler sampler = new Sampler(generation, model.vocabulary());
    prompt.tokens().stream().filter(token -> !isPicture(prompt, token)).forEach(sampler::saw);
    Rules rules =
        new Rules(
            model.eosTokenIds(),
            Stream.concat(parts.prompts().stopTexts().stream(), generation.stopTexts().stream())
                .toList(),
            Constraint.NONE,
            generation.maxNewTokens(),
            parts.decoder().limits().positions());
    return new FreeCourse(rules, prompt.tokens().size(), sampler, parts.tokenizer().stream());
  }

  private boolean isPicture(Prompt prompt, int token) {
    return prompt.prefix() > 0 && model.isPicture(token);
  }

  private Course choose(Prompt prompt, Query query) {
    List<Continuation> answers = new ArrayList<>();
    int longest = 1;
    for (String choice : query.choices()) {
      Continuation answer = parts.prompts().answer(query.question(), prompt, choice);
      longest = Math.max(longest, answer.tokens().size());
      answers.add(answer);
    }
    expectRoom(prompt, longest);
    return new ChoiceCourse(query.choices(), answers, prompt.tokens().size());
  }

  private void expectRoom(Prompt prompt, int answer) {
    int needed = prompt.tokens().size() + answer;
    int positions = parts.decoder().limits().positions();
    if (needed > positions) {
      throw ModelException.contextOverflow(needed, positions);
    }
  }
}
