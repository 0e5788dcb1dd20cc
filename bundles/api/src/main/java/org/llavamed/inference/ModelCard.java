package org.llavamed.inference;

/**
 * What a model is, as recorded with everything it says.
 *
 * @param name name of the model
 * @param version version of the model
 * @param identity sha256 over the model's files, 64 lower-case hexadecimal digits: new weights, new
 *     identity
 * @param precision {@code fp32}, {@code int8}, ...
 * @param template name of the conversation template
 * @param preparation how a picture becomes model input, in one word with its numbers, for example
 *     {@code clip-pad-224-bicubic}
 * @param licence licence of the weights, as an SPDX expression or in a few words
 * @param source where the weights came from
 */
public record ModelCard(
    String name,
    String version,
    String identity,
    String precision,
    String template,
    String preparation,
    String licence,
    String source) {
  public ModelCard {
    if (!identity.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "identity is '" + identity + "', expected 64 lower-case hexadecimal digits");
    }
  }
}
