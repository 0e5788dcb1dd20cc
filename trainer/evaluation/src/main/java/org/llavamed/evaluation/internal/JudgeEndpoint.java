package org.llavamed.evaluation.internal;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;

/**
 * Where a judge is asked, from the environment. The key is never shown.
 *
 * @param url of the chat completions
 * @param model name of the model
 * @param key sent as a bearer token; empty for an endpoint that wants none
 */
record JudgeEndpoint(URI url, String model, Optional<String> key) {
  private static final String URL = "LLAVAMED_JUDGE_URL";
  private static final String MODEL = "LLAVAMED_JUDGE_MODEL";
  private static final String KEY = "LLAVAMED_JUDGE_KEY";

  /**
   * Reads the environment.
   *
   * @throws JudgeException if a value is missing or no address
   */
  static JudgeEndpoint of(Map<String, String> environment) {
    String base = value(environment, URL, "the base address, for example https://HOST/v1");
    String model = value(environment, MODEL, "the name of the judging model");
    return new JudgeEndpoint(
        address(base),
        model,
        Optional.ofNullable(environment.get(KEY)).map(String::strip).filter(key -> !key.isEmpty()));
  }

  private static URI address(String base) {
    try {
      URI url = new URI(base.replaceAll("/+$", "") + "/chat/completions");
      if (url.getHost() != null && String.valueOf(url.getScheme()).matches("https?")) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Told below, as all that is no address.
    }
    throw JudgeException.unusable(
        URL, "it is no address of http or https", "Set it to one such as https://HOST/v1");
  }

  private static String value(Map<String, String> environment, String name, String what) {
    String value = environment.getOrDefault(name, "").strip();
    if (value.isEmpty()) {
      throw JudgeException.unusable(
          name,
          "it is not set in the environment",
          "Set it to %s, or judge offline with --judge similarity".formatted(what));
    }
    return value;
  }

  @Override
  public String toString() {
    return "%s at %s".formatted(model, url.getHost());
  }
}
