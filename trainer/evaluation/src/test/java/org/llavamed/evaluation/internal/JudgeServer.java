package org.llavamed.evaluation.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** A judge behind an address of this process. It prefers answers that have the word "lung". */
final class JudgeServer implements AutoCloseable {
  private static final int OK = 200;

  final List<JsonNode> requests = Collections.synchronizedList(new ArrayList<>());
  final List<String> keys = Collections.synchronizedList(new ArrayList<>());

  /** Statuses of the next responses that are no verdicts. */
  final Deque<Integer> failures = new ArrayDeque<>();

  /** What the judge writes; empty for its own verdict. */
  String verdict = "";

  private final HttpServer server;

  JudgeServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/chat/completions", this::answer);
    server.start();
  }

  Map<String, String> environment() {
    return Map.of(
        "LLAVAMED_JUDGE_URL",
        "http://localhost:%d/v1/".formatted(server.getAddress().getPort()),
        "LLAVAMED_JUDGE_MODEL",
        "judge-1",
        "LLAVAMED_JUDGE_KEY",
        "a secret");
  }

  private void answer(HttpExchange exchange) throws IOException {
    JsonNode request = JsonMapper.builder().build().readTree(exchange.getRequestBody());
    requests.add(request);
    keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    Integer failure = failures.poll();
    if (failure != null) {
      exchange.getResponseHeaders().set("Retry-After", "7");
      send(exchange, failure, "{\"error\": \"not now\"}");
      return;
    }
    ObjectNode response = JsonMapper.builder().build().createObjectNode();
    response
        .putArray("choices")
        .addObject()
        .putObject("message")
        .put("role", "assistant")
        .put("content", verdict.isEmpty() ? judge(request) : verdict);
    response.putObject("usage").put("prompt_tokens", 100).put("completion_tokens", 10);
    send(exchange, OK, response.toString());
  }

  private static String judge(JsonNode request) {
    String text = request.path("messages").path(1).path("content").asText();
    int begin = text.indexOf("[Answer of assistant 1]");
    int middle = text.indexOf("[Answer of assistant 2]");
    int end = text.indexOf("[Task]");
    return "%d %d\nbecause"
        .formatted(score(text.substring(begin, middle)), score(text.substring(middle, end)));
  }

  private static int score(String answer) {
    return answer.contains("lung") ? 8 : 2;
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
