package org.llavamed.model.internal;

import java.util.Optional;
import org.llavamed.model.internal.Prompts.Prompt;

/**
 * A question on its way.
 *
 * @param features of the picture
 * @param prompt fits the context, with at least one token of an answer
 * @param course what is done with what the decoder says
 * @param delivery where text and answer go
 */
record Request(Features features, Prompt prompt, Course course, Delivery delivery) {
  /** Returns what identifies the prompt's beginning with the picture; empty without a picture. */
  Optional<Prefixes.Key> prefix() {
    return prompt.prefix() == 0
        ? Optional.empty()
        : Optional.of(
            new Prefixes.Key(features.identity(), prompt.tokens().subList(0, prompt.prefix())));
  }
}
