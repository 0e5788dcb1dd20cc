package org.llavamed.model.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.llavamed.inference.Generation;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.Query;
import org.llavamed.model.internal.FreeCourse.Rules;
import org.llavamed.model.internal.Prompts.Continuation;
import org.llavamed.model.internal.Prompts.Prompt;
import org.llavamed.model.internal.schema.Constraint;
import org.llavamed.model.internal.schema.Schemas;

/** Makes requests of questions, and refuses those that cannot be answered. */
final class Questions {
  private final ModelDescription model;
  private final ModelParts parts;
  private @Nullable Schemas schemas;

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
   *     token of the model's own, or its JSON schema cannot be obeyed
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
            stopTexts(query),
            constraint(prompt, query),
            generation.maxNewTokens(),
            parts.decoder().limits().positions());
    return new FreeCourse(rules, prompt.tokens().size(), sampler, parts.tokenizer().stream());
  }

  /** The template's own may stand in a string of an answer in JSON, which ends by itself. */
  private List<String> stopTexts(Query query) {
    return query.jsonSchema().isEmpty()
        ? Stream.concat(
                parts.prompts().stopTexts().stream(), query.generation().stopTexts().stream())
            .toList()
        : List.of();
  }

  private Constraint constraint(Prompt prompt, Query query) {
    if (query.jsonSchema().isEmpty()) {
      return Constraint.NONE;
    }
    int room = parts.decoder().limits().positions() - prompt.tokens().size();
    return schemas()
        .constraint(query.jsonSchema(), Math.min(room, query.generation().maxNewTokens()));
  }

  private synchronized Schemas schemas() {
    Schemas known = schemas;
    if (known == null) {
      known = new Schemas(parts.tokenizer().vocabulary(), model.eosTokenIds());
      schemas = known;
    }
    return known;
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
      throw model.overflow(needed, positions);
    }
  }
}
