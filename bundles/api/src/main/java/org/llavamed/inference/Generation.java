package org.llavamed.inference;

import java.util.List;

/**
 * How a free answer is generated, token by token.
 *
 * @param maxNewTokens most tokens, at least 1
 * @param temperature divisor of the logits; 0 always takes the likeliest token (greedy), whatever
 *     {@code topK}, {@code topP} and {@code seed} say
 * @param topK only that many likeliest tokens may be drawn; 0 leaves all
 * @param topP only the likeliest tokens that together reach this probability may be drawn, above 0
 *     to 1; 1 leaves all
 * @param repetitionPenalty tokens that the prompt or the answer has already are made less likely:
 *     positive logits are divided, negative ones multiplied by it; at least 1, which changes
 *     nothing
 * @param seed of the random numbers: same seed, same text
 * @param stopTexts texts that end the answer and are left out of it; none is empty
 */
public record Generation(
    int maxNewTokens,
    double temperature,
    int topK,
    double topP,
    double repetitionPenalty,
    long seed,
    List<String> stopTexts) {
  /** Always the likeliest token, at most 128 of them. */
  public static final Generation GREEDY = new Generation(128, 0, 0, 1, 1, 0, List.of());

  public Generation {
    expect(maxNewTokens >= 1, "maxNewTokens", maxNewTokens, "1 or more");
    expect(temperature >= 0 && temperature <= 100, "temperature", temperature, "0 to 100");
    expect(topK >= 0, "topK", topK, "0 (all) or more");
    expect(topP > 0 && topP <= 1, "topP", topP, "above 0 to 1");
    expect(
        repetitionPenalty >= 1 && repetitionPenalty <= 100,
        "repetitionPenalty",
        repetitionPenalty,
        "1 to 100");
    stopTexts = List.copyOf(stopTexts);
    for (String text : stopTexts) {
      expect(!text.isEmpty(), "stopTexts", "[\"\"]", "texts that are not empty");
    }
  }

  private static void expect(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("%s is %s, expected %s".formatted(name, value, expected));
    }
  }

  /** Returns the same with another most number of tokens. */
  public Generation withMaxNewTokens(int tokens) {
    return new Generation(tokens, temperature, topK, topP, repetitionPenalty, seed, stopTexts);
  }

  /** Returns the same with tokens drawn at random. */
  public Generation withSampling(double newTemperature, int newTopK, double newTopP, long newSeed) {
    return new Generation(
        maxNewTokens, newTemperature, newTopK, newTopP, repetitionPenalty, newSeed, stopTexts);
  }

  /** Returns the same with another penalty of repetitions. */
  public Generation withRepetitionPenalty(double penalty) {
    return new Generation(maxNewTokens, temperature, topK, topP, penalty, seed, stopTexts);
  }

  /** Returns the same with other texts that end the answer. */
  public Generation withStopTexts(List<String> texts) {
    return new Generation(maxNewTokens, temperature, topK, topP, repetitionPenalty, seed, texts);
  }
}
