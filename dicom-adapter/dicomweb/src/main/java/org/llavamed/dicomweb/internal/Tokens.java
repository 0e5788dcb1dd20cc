package org.llavamed.dicomweb.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.llavamed.network.NetworkException;
import org.llavamed.network.WebCredentials.ClientCredentials;

/**
 * Tokens of the client credentials grant (RFC 6749 section 4.4), kept until shortly before they
 * expire.
 */
final class Tokens {
  private static final int LONGEST_ANSWER = 1 << 16;
  private static final Duration MARGIN = Duration.ofSeconds(30);
  private static final long USUAL_SECONDS = 300;
  private static final long MOST_SECONDS = 86_400;

  private record Token(String text, Instant expiry) {}

  /** Sends one request and gives its answer. */
  @FunctionalInterface
  interface Sender {
    /** Sends. */
    Answer send(HttpRequest request) throws IOException;
  }

  private final InstantSource clock;
  private final ObjectMapper mapper = new ObjectMapper();
  private final Map<ClientCredentials, Token> tokens = new ConcurrentHashMap<>();

  Tokens(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Returns a token that is valid for a while.
   *
   * @throws NetworkException if the endpoint gives none
   */
  String of(ClientCredentials credentials, Sender sender) throws IOException {
    Token known = tokens.get(credentials);
    if (known != null && clock.instant().isBefore(known.expiry())) {
      return known.text();
    }
    Token fresh = fetch(credentials, sender);
    tokens.put(credentials, fresh);
    return fresh.text();
  }

  /** Forgets a token that was refused. */
  void forget(ClientCredentials credentials) {
    tokens.remove(credentials);
  }

  private Token fetch(ClientCredentials credentials, Sender sender) throws IOException {
    Origin.of(credentials.endpoint()).checkSafe();
    String form =
        "grant_type=client_credentials"
            + (credentials.scope().isEmpty()
                ? ""
                : "&scope=" + Secrets.encoded(credentials.scope()));
    HttpRequest request =
        HttpRequest.newBuilder(credentials.endpoint())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "application/json")
            .header("Authorization", Secrets.basic(credentials))
            .POST(BodyPublishers.ofString(form))
            .build();
    try (Answer answer = sender.send(request)) {
      if (!answer.isGood()) {
        throw answer.refusal();
      }
      return token(answer);
    }
  }

  private Token token(Answer answer) throws IOException {
    JsonNode node;
    try {
      node = mapper.readTree(answer.body().readNBytes(LONGEST_ANSWER));
    } catch (JsonProcessingException e) {
      // Its message would quote the answer, which may hold a token.
      throw answer.unexpected("a JSON object with access_token");
    }
    String text = node.path("access_token").asText("");
    boolean bearer = node.path("token_type").asText("bearer").equalsIgnoreCase("bearer");
    if (!bearer || !text.matches("[A-Za-z0-9._~+/-]+=*")) {
      throw answer.unexpected("a JSON object with access_token and token_type bearer");
    }
    long seconds = Math.min(MOST_SECONDS, node.path("expires_in").asLong(USUAL_SECONDS));
    return new Token(text, clock.instant().plusSeconds(seconds).minus(MARGIN));
  }
}
