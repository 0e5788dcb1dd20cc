package org.llavamed.inference;

import java.util.List;

/**
 * An answer of a model.
 *
 * @param text the answer, without leading and trailing blanks
 * @param tokens token ids of a free answer, end token left out, those of a text that ended it
 *     included, which the text has not; of the chosen answer where choices were given
 * @param logProbabilities natural logarithm of the probability of each of the tokens, as the model
 *     gives it before temperature, penalty and cuts; empty where choices were given
 * @param probability of a free answer: the product of the probabilities of its tokens and of the
 *     end token where it was reached, 0 to 1; of a closed one: the chosen one's
 * @param choices probability of each choice, in the order of the query, summing to 1; empty for a
 *     free answer
 * @param stop why the text ended
 * @param promptTokens tokens of the prompt, picture positions included
 */
public record Answer(
    String text,
    List<Integer> tokens,
    List<Double> logProbabilities,
    double probability,
    List<ChoiceProbability> choices,
    StopReason stop,
    int promptTokens) {
  /** Why a text ended. */
  public enum StopReason {
    /** The model wrote its end-of-sequence token. */
    END_OF_SEQUENCE,
    /** The most tokens that were allowed are written. */
    MAX_NEW_TOKENS,
    /** One of the texts that end an answer was written. */
    STOP_TEXT,
    /** The context is full. */
    CONTEXT_FULL,
    /** One of the given choices was taken. */
    CHOICE
  }

  /**
   * The probability of one choice among all.
   *
   * @param choice the text as given
   * @param probability 0 to 1
   */
  public record ChoiceProbability(String choice, double probability) {}

  public Answer {
    tokens = List.copyOf(tokens);
    logProbabilities = List.copyOf(logProbabilities);
    choices = List.copyOf(choices);
  }
}
