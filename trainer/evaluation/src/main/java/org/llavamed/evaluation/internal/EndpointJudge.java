package org.llavamed.evaluation.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A judge behind an OpenAI-compatible address. Not safe for use by several threads. */
final class EndpointJudge implements Judge {
  /** How often a request is sent that fails for a reason that may pass. */
  private static final int MOST_TRIES = 6;

  /** How often a verdict is asked for that has no two scores on its first line. */
  private static final int MOST_VERDICTS = 3;

  private static final double LONGEST_PAUSE_SECONDS = 120;
  private static final int MOST_RESPONSE_BYTES = 4 << 20;
  private static final int SHOWN = 300;
  private static final int OK = 200;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERRORS = 500;
  private static final Duration CONNECT = Duration.ofSeconds(20);
  private static final Duration ANSWER = Duration.ofMinutes(3);
  private static final Pattern SCORES =
      Pattern.compile("\\s*(\\d+(?:\\.\\d+)?)[\\s,;/]+(\\d+(?:\\.\\d+)?)\\s*");

  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private final JudgeEndpoint endpoint;
  private final Pause pause;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  private Spending spending = Spending.NONE;

  /** Waits. */
  interface Pause {
    void seconds(double seconds) throws InterruptedException;
  }

  EndpointJudge(JudgeEndpoint endpoint) {
    this(endpoint, seconds -> Thread.sleep((long) (seconds * 1000)));
  }

  EndpointJudge(JudgeEndpoint endpoint, Pause pause) {
    this.endpoint = endpoint;
    this.pause = pause;
  }

  @Override
  public String name() {
    return endpoint.toString();
  }

  @Override
  public boolean isComparable() {
    return true;
  }

  @Override
  public Spending spending() {
    return spending;
  }

  @Override
  public String request(ChatQuestion question, String first, String second) {
    ObjectNode body = MAPPER.createObjectNode();
    body.put("model", endpoint.model()).put("temperature", 0);
    ArrayNode messages = body.putArray("messages");
    JudgePrompt.messages(question, first, second)
        .forEach(one -> messages.addObject().put("role", one.role()).put("content", one.content()));
    return body.toString();
  }

  @Override
  public Verdict judge(ChatQuestion question, String first, String second) {
    String request = request(question, first, second);
    String said = "";
    for (int i = 0; i < MOST_VERDICTS; i++) {
      said = content(send(request));
      Matcher scores = SCORES.matcher(said.strip().lines().findFirst().orElse(""));
      if (scores.matches() && isScore(scores.group(1)) && isScore(scores.group(2))) {
        return new Verdict(
            Double.parseDouble(scores.group(1)), Double.parseDouble(scores.group(2)), said);
      }
    }
    throw JudgeException.noVerdict(
        "question %s: the judge wrote '%s', expected two scores from 1 to 10 on the first line. It was asked %d times and is left out."
            .formatted(question.question().id(), shown(said), MOST_VERDICTS));
  }

  private static boolean isScore(String text) {
    double score = Double.parseDouble(text);
    return score >= 1 && score <= 10;
  }

  private String content(String response) {
    try {
      JsonNode json = MAPPER.readTree(response);
      JsonNode usage = json.path("usage");
      spending =
          spending.plus(
              usage.path("prompt_tokens").asLong(), usage.path("completion_tokens").asLong());
      JsonNode content = json.path("choices").path(0).path("message").path("content");
      if (content.isTextual()) {
        return content.asText();
      }
    } catch (JsonProcessingException e) {
      // Told below, as all that is no answer.
    }
    throw unusable(
        "it answered '%s', expected JSON with choices[0].message.content"
            .formatted(shown(response)));
  }

  /** Sends a request, again and again where the reason of a failure may pass. */
  private String send(String request) {
    String failure = "";
    for (int i = 0; i < MOST_TRIES; i++) {
      double seconds = 1 << i;
      try {
        HttpResponse<InputStream> response =
            client.send(message(request), BodyHandlers.ofInputStream());
        String body = body(response);
        if (response.statusCode() == OK) {
          return body;
        }
        failure = "status %d, '%s'".formatted(response.statusCode(), shown(body));
        if (!mayPass(response.statusCode())) {
          throw unusable("it answered with " + failure);
        }
        seconds = retryAfter(response).orElse(seconds);
      } catch (IOException e) {
        failure = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      } catch (InterruptedException e) {
        throw interrupted();
      }
      pause(i == MOST_TRIES - 1 ? 0 : Math.min(seconds, LONGEST_PAUSE_SECONDS));
    }
    throw unusable("%d tries failed, the last with %s".formatted(MOST_TRIES, failure));
  }

  private static boolean mayPass(int status) {
    return status == TOO_MANY_REQUESTS || status == REQUEST_TIMEOUT || status >= SERVER_ERRORS;
  }

  private HttpRequest message(String request) {
    HttpRequest.Builder message =
        HttpRequest.newBuilder(endpoint.url())
            .timeout(ANSWER)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(request));
    endpoint.key().ifPresent(key -> message.header("Authorization", "Bearer " + key));
    return message.build();
  }

  private static String body(HttpResponse<InputStream> response) throws IOException {
    try (InputStream in = response.body()) {
      return new String(in.readNBytes(MOST_RESPONSE_BYTES), StandardCharsets.UTF_8);
    }
  }

  private static OptionalDouble retryAfter(HttpResponse<InputStream> response) {
    return response.headers().firstValue("Retry-After").stream()
        .filter(value -> value.matches("\\d{1,6}"))
        .mapToDouble(Double::parseDouble)
        .findFirst();
  }

  private void pause(double seconds) {
    try {
      if (seconds > 0) {
        pause.seconds(seconds);
      }
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private JudgeException interrupted() {
    Thread.currentThread().interrupt();
    return unusable("the wait for it was interrupted");
  }

  private JudgeException unusable(String found) {
    return JudgeException.unusable(
        "The judge " + endpoint,
        found,
        "Check LLAVAMED_JUDGE_URL, _MODEL and _KEY, and run again: what is judged already is kept");
  }

  private static String shown(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() > SHOWN ? line.substring(0, SHOWN) + "..." : line;
  }

  @Override
  public void close() {
    // The client has no connection of its own to end.
  }
}
